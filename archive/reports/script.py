"""One script for comparing words: NFKC, simplified characters, no pronunciation aids.

Republished copies come in traditional characters, some with the pronunciation set into the text (發(fā)布). The table
holds the characters that occur in names of public bodies and in the titles of their reports; it does not try to be a
converter.
"""

import re
import unicodedata

_TRADITIONAL = (
    "區縣鎮鄉開報務財發環衛國資勞動產業農劃計統監聯軍應災難體電視營運輸稅檢驗質檔藥醫療機構總團聞與會議員辦廳處"
    "東臺灣廣慶寧門長陽漢濟閩滬蘇貴雲陝肅龍鳳馬楊閔黃嶺橋義興華萬豐樂廈瀋爾濱黨審計規則設術標準權進關于結構麗蘭縣"
    "鐵鋼銀錦舊園場當歸後裡話語號車軌書畫館藝職僑臨實錄極滅獸飼糧鹽鍋爐築樓觀廟衆眾聲圖讀範準製編靜寶鄭羅趙韓濰滄贛錫揚溫匯賢滿遼淶灤於為"
    "楓鶴雙劉吳張陳許呂鄧蔣馮盧錢紹潛嶗嶧漣瀾澗溝澠巒嵐崗島峽陰陸隴隨險雞鵝鴨鷹鶯鱗龜齊齡麥順顏飛騰驛鮮墊壩壽奧婁"
    "孫嶽帶庫廬彌徑恆懷戶擴曉暉條來棗榮樁樅欽歐歷淨淺渾湯漁潤潯澤濕瀘煙獅瑤畢疊磯礦祿禮筍節紅綏綠網維經縉織聖膚艦"
    "蒼蓮薊薩藍藺蘆裝訊試誠調諸謝譚護負貨賀賓賽購輝轉連達遠遷選郵鄒鄖鄲鈞銅鋒鍾鎖鏡鑽閃間閣闊陣階雜離霧靈頂領頭類"
    "風養馱駐鬱復訴訟減費請獲決採據數託證"
)
_SIMPLIFIED = (
    "区县镇乡开报务财发环卫国资劳动产业农划计统监联军应灾难体电视营运输税检验质档药医疗机构总团闻与会议员办厅处"
    "东台湾广庆宁门长阳汉济闽沪苏贵云陕肃龙凤马杨闵黄岭桥义兴华万丰乐厦沈尔滨党审计规则设术标准权进关于结构丽兰县"
    "铁钢银锦旧园场当归后里话语号车轨书画馆艺职侨临实录极灭兽饲粮盐锅炉筑楼观庙众众声图读范准制编静宝郑罗赵韩潍沧赣锡扬温汇贤满辽涞滦于为"
    "枫鹤双刘吴张陈许吕邓蒋冯卢钱绍潜崂峄涟澜涧沟渑峦岚岗岛峡阴陆陇随险鸡鹅鸭鹰莺鳞龟齐龄麦顺颜飞腾驿鲜垫坝寿奥娄"
    "孙岳带库庐弥径恒怀户扩晓晖条来枣荣桩枞钦欧历净浅浑汤渔润浔泽湿泸烟狮瑶毕叠矶矿禄礼笋节红绥绿网维经缙织圣肤舰"
    "苍莲蓟萨蓝蔺芦装讯试诚调诸谢谭护负货贺宾赛购辉转连达远迁选邮邹郧郸钧铜锋钟锁镜钻闪间阁阔阵阶杂离雾灵顶领头类"
    "风养驮驻郁复诉讼减费请获决采据数托证"
)
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_PRONUNCIATION = re.compile(r"(?<=[\u4e00-\u9fff])\([a-z\u00e0-\u01dc]{1,6}\)")


def plain(text: str) -> str:
    """`text` as it is compared, white space and all."""
    return _PRONUNCIATION.sub("", unicodedata.normalize("NFKC", text)).translate(_TO_SIMPLIFIED)
