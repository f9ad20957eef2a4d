"""Answers of government portals and of what stands before them, each with the verdict it deserves.

Modelled on what is met in the field; hosts are invented. `PLAIN` is judged with the home page known, `HOMELESS`
without.
"""

from collections.abc import Mapping

from crawler.discovery.glance import Answer

SITE = "https://www.qu.gov.cn"
PAGE = f"{SITE}/zwgk/xxgknb/t1.html"
HTML = {"content-type": "text/html; charset=utf-8"}
NEWS = "".join(
    f'<li><a href="/xw/{n}.html">本区召开第{n}次工作会议</a><span>2024-01-{n:02}</span></li>' for n in range(1, 25)
)
HOME = f"<title>某区人民政府</title><div>今天是2024年1月20日</div><ul>{NEWS}</ul><div>主办:某区人民政府办公室</div>"
CHROME = "".join(f'<a href="/zwgk/{n}/">栏目{n}</a>' for n in range(30))
REPORT = "本年度收到申请3件。我局在梳理时发现404条政策中有部分页面不存在附件的情况,网站升级维护期间已逐一补全。" * 30
RUISHU = """<html><head><meta http-equiv="Content-Type" content="text/html"><meta content="x2xDCb" r='m'>
<script r='m' src="/8Xc/zY9.294cc83.js"></script><script r='m'>
$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></head></html>"""
JSL = "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+'='+(1+[]);location.href=location.pathname</script>"
JSL_GO = '<script>var _0x1a2b=["x"];go({"bts":["1|0","|a"],"ct":"9f","ha":"md5","tn":"__jsl_clearance_s"})</script>'
ACW = "<html><script>var arg1='00D8A8F9A2B3C4D5E6F708192A3B4C5D6E7F8091';setCookie('acw_sc__v2',x);</script></html>"
STUB = f"<html><body><script>eval(function(p,a,c,k,e,d){{return p}}('{'0x1f|' * 210}'))</script></body></html>"
NGINX = (
    "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr><center>nginx</center></body></html>"
)
APACHE = "<title>403 Forbidden</title><h1>Forbidden</h1><p>You don't have permission to access /{}on this server.</p>"
SHELL = """<html><head><title>政府信息公开年报</title><script src="/js/jquery.js"></script></head>
<body><a href="/">首页</a><ul id="list"></ul>
<script url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{'pageId':'1'}">
</script><script>$(function(){document.cookie="seen=1";$.ajax({url:"/list"})})</script></body></html>"""
FRAMES = (
    '<html><script>window.name="x";document.cookie="a=1"</script><frameset><frame src="/list.htm"></frameset></html>'
)
ALIYUN = "<html><title>405</title><body>很抱歉,由于您访问的URL有可能对网站造成安全威胁,您的访问被阻断。</body></html>"
SAFELINE = "<html><title>拦截提示</title><body><p>请求存在威胁,已被雷池拦截</p><p>event_id: 5f3c</p></body></html>"
YUNSUO = "<html><body>您的请求带有不合法参数,已被网站管理员设置拦截!</body></html>"
CAPTCHA = "<title>安全验证</title><p>您的访问过于频繁,请完成滑动验证后继续</p>"
MAINTAINED = "<html><title>公告</title><body><p>网站升级维护公告:系统正在维护,给您带来不便敬请谅解。</p></body></html>"
NOTICE = (
    '<title>关于网站维护的公告</title><meta name="ArticleTitle" content="公告"><p>我局网站维护公告已于昨日发布。</p>'
)
EMPTY_YEAR = "<title>2012年年报说明</title><p>本镇2012年未收到依申请公开,无行政复议。</p>"
APPLY = "<title>依申请公开查询</title><form>请输入查询码和验证码<input name=a><input name=b></form>"
PDF = b"%PDF-1.7\n1 0 obj"
RECORDS = b"<datastore><totalrecord>0</totalrecord><recordset></recordset></datastore>"

Row = tuple[str, str, Answer]


def answer(
    body: str | bytes = "",
    status: int = 200,
    *,
    url: str = "",
    asked: str = PAGE,
    home: bool = False,
    headers: Mapping[str, str] = HTML,
) -> Answer:
    payload = body.encode() if isinstance(body, str) else body
    return Answer(asked=asked, url=url or asked, status=status, headers=headers, body=payload, home=home)


def typed(media_type: str) -> dict[str, str]:
    return {"content-type": media_type}


PLAIN: list[Row] = [
    ("a report that speaks of 404 and of maintenance", "content", answer(f"<title>年度报告</title><p>{REPORT}</p>")),
    ("a short page of a town without requests", "content", answer(EMPTY_YEAR)),
    ("a short article about maintenance", "content", answer(NOTICE)),
    ("a form that asks for a code", "content", answer(APPLY)),
    ("a list shell filled by a script", "content", answer(SHELL)),
    ("a frameset with a script", "content", answer(FRAMES)),
    (
        "a page of an application",
        "content",
        answer('<title>年报</title><div id=app></div><script src="/app.js"></script>'),
    ),
    (
        "a real page with the marks of a wall",
        "content",
        answer(f"<script r='m' src=/x.js></script>{CHROME}<p>{REPORT}"),
    ),
    (
        "a short real page with them",
        "content",
        answer(f"<script r='m' src=/x.js></script><p>{REPORT[:15] * 5}</p>"),
    ),
    ("the home page itself", "content", answer(HOME, asked=f"{SITE}/", home=True)),
    ("the home page under another name", "content", answer(HOME, asked=f"{SITE}/index.shtml")),
    ("a page with the site's title and menu", "content", answer(f"<title>某区人民政府</title>{CHROME}<p>正文</p>")),
    ("a list with 404 rows", "content", answer(f"<title>公告</title>{CHROME}<span>共404条</span>")),
    ("an XML list without rows", "content", answer(RECORDS, headers=typed("text/xml"))),
    ("an XML list called HTML", "content", answer(RECORDS)),
    ("JSON", "content", answer('{"code":404,"data":[]}', headers=typed("application/json"))),
    ("a file", "content", answer(PDF, asked=f"{SITE}/P1.pdf", headers=typed("application/pdf"))),
    ("a file of no type", "content", answer(PDF, asked=f"{SITE}/P1.pdf", headers=typed("application/octet-stream"))),
    ("a file's viewer", "content", answer('<iframe src="/v?f=P1.pdf"></iframe>', asked=f"{SITE}/P1.pdf")),
    ("an empty page", "content", answer("")),
    ("an empty page of a session", "content", answer("", headers={**HTML, "set-cookie": "JSESSIONID=1; Path=/"})),
    ("no content", "content", answer("", 204)),
    ("http answered by https", "content", answer(EMPTY_YEAR, asked=PAGE.replace("https", "http"), url=PAGE)),
    ("a page moved to another column", "content", answer(EMPTY_YEAR, url=f"{SITE}/2024/index.html")),
    ("unchanged", "not-modified", answer("", 304)),
    ("a redirect", "redirect", answer("", 302, headers={"location": "/x"})),
    ("a redirect to nowhere", "redirect", answer("", 301, headers={})),
    ("瑞数", "challenge", answer(RUISHU, 412)),
    ("瑞数 with 200", "challenge", answer(RUISHU)),
    ("瑞数 with 202", "challenge", answer(RUISHU, 202)),
    ("412 without a word", "challenge", answer("", 412)),
    ("468", "challenge", answer("<html></html>", 468)),
    ("加速乐, first step", "challenge", answer(JSL, 521, headers={**HTML, "set-cookie": "__jsluid_s=1; max-age=1"})),
    ("加速乐, second step", "challenge", answer(JSL_GO, 521)),
    ("加速乐 with 512", "challenge", answer(JSL_GO, 512)),
    ("521 with its cookie alone", "challenge", answer("", 521, headers={"set-cookie": "__jsluid_h=a; HttpOnly"})),
    ("a cookie test with 200", "challenge", answer(ACW)),
    ("a stub of 1,166 bytes", "challenge", answer(STUB)),
    ("a shell that sets a cookie", "challenge", answer('<script>document.cookie="a=1";location.reload()</script>')),
    ("a shell that leads to itself", "challenge", answer(f'<script>location.replace("{PAGE}")</script>')),
    ("a cookie and no page", "challenge", answer("", headers={**HTML, "set-cookie": "CT6T=1; Path=/"})),
    ("Cloudflare's test", "challenge", answer("<title>Just a moment...</title><script>_cf_chl_opt={}</script>", 403)),
    ("a shell that leads elsewhere", "shell", answer('<script>location.replace("/index/index.html")</script>')),
    ("one by assignment", "shell", answer("<script>window.location.href='./zwgk/'</script>")),
    ("one that computes", "shell", answer("<script>location.href = base + path</script>")),
    ("403 in a few bytes", "blocked", answer(NGINX.format("403 Forbidden"), 403)),
    ("403 without a word", "blocked", answer("", 403, headers={})),
    ("403 for the home page", "blocked", answer(NGINX.format("403 Forbidden"), 403, asked=f"{SITE}/", home=True)),
    ("a gateway's 422", "blocked", answer("", 422)),
    ("a gateway's 405", "blocked", answer("", 405)),
    ("阿里云", "blocked", answer(ALIYUN, 405)),
    ("雷池", "blocked", answer(SAFELINE, 403)),
    ("雷池 with 200", "blocked", answer(SAFELINE)),
    ("云锁 with 200", "blocked", answer(YUNSUO)),
    ("云锁 with 400", "blocked", answer(YUNSUO, 400)),
    ("too often, with 200", "blocked", answer(CAPTCHA)),
    ("too often, with 503", "blocked", answer(CAPTCHA, 503)),
    ("too often", "blocked", answer("", 429, headers={"retry-after": "30"})),
    ("an odd 4xx", "blocked", answer("blocked", 493)),
    ("521 in a few bytes", "blocked", answer("error", 521)),
    ("403 of one folder", "denied", answer(NGINX.format("403 Forbidden"), 403, asked=f"{SITE}/upload/")),
    ("403 in the server's own words", "denied", answer(APACHE.format("x.html"), 403)),
    ("403 in a page of the site's", "denied", answer(f"<title>无权查看</title>{CHROME}<p>该文件仅供内部查阅</p>", 403)),
    ("a method that is not allowed", "denied", answer("", 405, headers={"allow": "POST"})),
    ("who are you", "denied", answer("", 401)),
    ("a bad request", "denied", answer(NGINX.format("400 Bad Request"), 400)),
    ("not found", "gone", answer(NGINX.format("404 Not Found"), 404)),
    ("not found, in the site's words", "gone", answer(f"<title>404</title>{CHROME}<p>您访问的页面不存在</p>", 404)),
    ("gone", "gone", answer("", 410)),
    ("not found, by the home page's own front", "gone", answer("", 404, headers={"server": "WAF/2.0"})),
    ("404 of a strange front", "geo-fence", answer("", 404, headers={"server": "yunjiasu-nginx"})),
    ("404 for the home page", "geo-fence", answer("", 404, asked=f"{SITE}/", home=True)),
    ("403 to those abroad", "geo-fence", answer("<p>本网站暂不向境外用户提供服务</p>", 403)),
    ("words, with 200", "soft-404", answer("<title>提示</title><p>对不起,您访问的页面不存在!</p><a href=/>首页</a>")),
    ("words in another charset", "soft-404", answer("<title>x</title><p>您要找的信息已被删除".encode("gb18030"))),
    ("a title, in the site's frame", "soft-404", answer(f"<title>404错误</title>{CHROME}<p>5秒后返回首页")),
    ("English words", "soft-404", answer("<title>Error</title><p>The page you requested was not found.</p>")),
    ("led to an error's page", "soft-404", answer(f"<title>某区</title>{CHROME}", url=f"{SITE}/error/404.html")),
    ("the home page in its place", "soft-404", answer(HOME.replace("1月20日", "1月21日"))),
    ("an error in a file's place", "soft-404", answer("<html><body>error</body></html>", asked=f"{SITE}/P1.pdf")),
    (
        "one that is called a file",
        "soft-404",
        answer("<html>x", asked=f"{SITE}/1.doc", headers=typed("application/msword")),
    ),
    ("led home", "redirect-home", answer(HOME, url=f"{SITE}/")),
    (
        "led to another host's home",
        "redirect-home",
        answer("<title>新</title>", url="https://new.qu.gov.cn/index.html"),
    ),
    ("maintenance with 200", "maintenance", answer(MAINTAINED)),
    ("maintenance with 503", "maintenance", answer(MAINTAINED, 503)),
    ("a column that is being made", "maintenance", answer("<title>年报</title><p>栏目正在建设中……</p>")),
    ("a fault", "server-error", answer(NGINX.format("500 Internal Server Error"), 500)),
    ("an upstream that is away", "server-error", answer(NGINX.format("502 Bad Gateway"), 502)),
    ("a long page for 521", "server-error", answer(f"<title>521</title><h1>Web server is down</h1>{'x ' * 400}", 521)),
    ("too slow", "server-error", answer("", 408)),
]
HOMELESS: list[Row] = [
    ("404 where nothing was seen to answer", "geo-fence", answer("", 404)),
    ("410 where nothing was seen to answer", "geo-fence", answer("", 410)),
    ("led to a first page", "redirect-home", answer(HOME, url=f"{SITE}/")),
    ("the home page, further down", "content", answer(HOME, asked=f"{SITE}/qzf/", url=f"{SITE}/", home=True)),
    ("a short page", "content", answer(EMPTY_YEAR)),
]
