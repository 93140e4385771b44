-- Where each event went, a row a commit: the last part of a receipt. Rows of the same hour are merged into few later on.
CREATE TABLE receipts (
    id     INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order of commits
    at     INTEGER NOT NULL,                  -- ms since 1970 UTC, of the newest entry in it
    events INTEGER NOT NULL,
    body   BLOB NOT NULL                      -- see ReceiptRow: sorted by event, so that a look-up reads a few bytes of it
);
CREATE INDEX receipts_at ON receipts (at, events);
CREATE INDEX receipts_small ON receipts (at) WHERE events < 50000;

-- Outcomes other than stored, which receipts name by a number.
CREATE TABLE receipt_fates (
    id      INTEGER PRIMARY KEY,
    outcome TEXT NOT NULL UNIQUE
);
