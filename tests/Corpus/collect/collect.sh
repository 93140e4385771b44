#!/bin/sh
# Takes the errors of page.html from a real Chromium and writes them as ../chromium-NAME.raw.json, in the form of the native protocol.
# Run it again with a newer browser, then read the difference. Usage: collect.sh [chromium]
set -eu
cd "$(dirname "$0")"
python3 -u -m http.server 0 --bind 127.0.0.1 >server.log 2>&1 &
server=$!
trap 'kill $server; rm -f server.log dom.html' EXIT
port=
while [ -z "$port" ]; do sleep 0.2; port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' server.log); done
"${1:-chromium}" --headless --no-sandbox --disable-gpu --virtual-time-budget=5000 --dump-dom "http://127.0.0.1:$port/page.html" 2>/dev/null >dom.html
python3 - "$port" <<'PY'
import html, json, re, sys
text = open("dom.html").read()
for case in json.loads(html.unescape(re.search(r'<pre id="out">(.*?)</pre>', text, re.S).group(1))):
    event = json.dumps(case["event"], indent=2).replace(f"http://127.0.0.1:{sys.argv[1]}/", "https://shop.test/collect/")
    open(f"../chromium-{case['name']}.raw.json", "w").write(event + "\n")
PY
