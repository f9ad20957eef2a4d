"""What pywb's own CDX server makes of the same lines: a program, as pywb patches the process that imports it.

Stdin: `{"lines": […], "queries": [{…}, …]}`; stdout: for each query the lines that it answers, as pywb writes them.
"""

import json
import sys

from pywb.warcserver.index.cdxobject import CDXObject
from pywb.warcserver.index.cdxops import process_cdx
from pywb.warcserver.index.query import CDXQuery

asked = json.load(sys.stdin)
answers = []
for given in asked["queries"]:
    query = CDXQuery(dict(given))
    lines = sorted((line for line in asked["lines"]), key=str.encode)
    reached = [CDXObject(line.encode()) for line in lines if query.key <= line.encode() < query.end_key]
    answers.append([cdx.to_cdxj().rstrip() for cdx in process_cdx(iter(reached), query)])
json.dump(answers, sys.stdout)
