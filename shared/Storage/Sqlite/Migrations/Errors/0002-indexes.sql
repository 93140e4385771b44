-- The issues of a rare environment are found from here: walking a sort's index until enough of them turn up reads every issue.
CREATE INDEX facets_environment ON facets (value, fingerprint_id) WHERE dimension = 'environment';

-- A new writer asks what of the entries it finds was refused.
CREATE INDEX refused_entry ON refused (lane, entry);
