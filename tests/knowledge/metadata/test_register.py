"""The register: what a question names, what it is about, and how mistakes in the file are told."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pytest

from knowledge.metadata.register import Edition, Entry, InvalidRegister, Register, fold

SHARED = Path(__file__).resolve().parents[3].parent / "shared"

#: Documents of the corpus that are overviews and lists, not regulations: they have no place in the register.
NOT_REGULATIONS = {
    "中国共产党党内法规体系",
    "中央列出违反八项规定清单80条",
    "违反中央八项规定精神清单80条处理依据大汇总",
    "违反中央八项规定精神问题的全部类型及其依据 适用条规 清单",
}

#: Questions that name no document → the document they belong to.
UNNAMED = [
    ("干部被认为不能胜任工作，组织一般怎么把他调整下来？", "推进领导干部能上能下规定"),
    ("哪些表现会让领导干部被判断为不适合继续担任现在的职务", "推进领导干部能上能下规定"),
    ("领导长期请病假岗位空着，组织能不能换人", "推进领导干部能上能下规定"),
    ("当领导的只想当太平官、遇事绕着走，能不能挪位子", "推进领导干部能上能下规定"),
    ("提拔一名副处长前要经过哪些环节？", "党政领导干部选拔任用工作条例"),
    ("科长想提副处，任职年限有什么讲究", "党政领导干部选拔任用工作条例"),
    ("新提任的领导干部试用多长时间，期满不合格怎么办", "党政领导干部选拔任用工作条例"),
    ("组织部来考察人选，会找哪些人谈话", "党政领导干部选拔任用工作条例"),
    ("刚受过诫勉还能被列入提拔人选吗", "党政领导干部选拔任用工作条例"),
    ("常委会票决干部时要多少人同意才算通过", "党政领导干部选拔任用工作条例"),
    ("领导的亲戚能不能在他手下当干部，选人时怎么回避", "党政领导干部选拔任用工作条例"),
    ("特别优秀的年轻人能不能跨级使用", "党政领导干部选拔任用工作条例"),
    ("处级干部五年里要脱产学习多长时间", "干部教育培训工作条例"),
    ("干部参加党校学习无故缺课会有什么后果", "干部教育培训工作条例"),
    ("单位派不派人去调训，领导能说了算吗", "干部教育培训工作条例"),
    ("领导干部有没有义务去党校讲课", "干部教育培训工作条例"),
    ("干部网络课程一年学多少才算达标", "干部教育培训工作条例"),
    ("党政领导班子里评优秀的名额占多大份额", "党政领导干部考核工作条例"),
    ("领导干部被评为基本称职要怎么处理", "党政领导干部考核工作条例"),
    ("四级调研员要具备什么资格才能晋升", "公务员职务与职级并行规定"),
    ("乡镇机关的主任科员职数怎么算", "公务员职务与职级并行规定"),
    ("科员熬几年能到四级主任科员", "公务员职务与职级并行规定"),
    ("晋升职级的时候考核优秀能不能少等半年", "公务员职务与职级并行规定"),
    ("公务员评优秀的比例能放宽到多少", "公务员考核规定"),
    ("借调在外的公务员由谁来考核", "公务员考核规定"),
    ("公务员记三等功需要什么条件，奖多少钱", "公务员奖励规定"),
    ("弄虚作假骗来的荣誉称号会被撤吗（公务员）", "公务员奖励规定"),
    ("纪委在党内监督中是什么角色", "中国共产党党内监督条例"),
    ("普通党员能怎样监督领导干部", "中国共产党党内监督条例"),
    ("怎样让红脸出汗成为常态", "中国共产党党内监督条例"),
    ("上级党组织发现下级一把手有苗头性问题该怎么提醒", "中国共产党党内监督条例"),
    ("党员对处分不服有哪些权利", "中国共产党党员权利保障条例"),
    ("党员在会上提不同意见，会不会被追究", "中国共产党党员权利保障条例"),
    ("党员享有的知情权包括哪些", "中国共产党党员权利保障条例"),
    ("谁来给中心组排学习计划、做记录", "中国共产党党委（党组）理论学习中心组学习规则"),
    ("两个党员太少的单位怎么组建党支部", "中国共产党支部工作条例（试行）"),
    ("党支部书记由什么样的人来当", "中国共产党支部工作条例（试行）"),
    ("党组开会表决需要几分之几成员在场", "中国共产党党组工作条例"),
    ("领导干部离开本市出差要不要报备", "中国共产党重大事项请示报告条例"),
    ("漏报股票会被怎么处理", "领导干部报告个人有关事项规定"),
    ("单位要新增一个科室得报谁批", "中国共产党机构编制工作条例"),
    ("支部换届时候选人要多几个才算差额", "中国共产党基层组织选举工作条例"),
    ("党费按工资的百分之几交", "关于中国共产党党费收缴、使用和管理的规定"),
    ("统战部主要管什么事", "中国共产党统一战线工作条例"),
    ("意识形态出了问题追究谁", "党委（党组）意识形态工作责任制实施办法"),
    ("公文里的请示和报告有什么不一样", "党政机关公文处理工作条例"),
    ("发文字号由哪几部分组成", "党政机关公文处理工作条例"),
    ("报考公务员超过三十五岁还行吗", "公务员录用规定"),
    ("遴选到省直机关要在基层干满几年", "公务员公开遴选办法"),
    ("辞掉公务员之后多长时间不能去企业", "公务员辞去公职规定"),
    ("夫妻俩能不能在同一个处室工作", "公务员回避规定"),
    ("参加工作八年，一年能歇几天年假", "职工带薪年休假条例"),
    ("医院职工酒驾被判刑，单位会开除他吗", "事业单位工作人员处分规定"),
    ("事业单位管理岗一共几级", "事业单位岗位设置管理试行办法"),
    ("退下来的老领导能不能兼任协会会长", "关于规范退（离）休领导干部在社会团体兼职问题的通知"),
    ("老婆孩子都在国外的干部能当一把手吗", "配偶已移居国（境）外的国家工作人员任职岗位管理办法"),
    ("一把手离任前都要审计吗", "党政主要领导干部和国有企事业单位主要领导人员经济责任审计规定"),
    ("上级检查太多、表格太多，基层怎么减负", "整治形式主义为基层减负若干规定"),
    ("班子民主生活会一年要开几回", "县以上党和国家机关党员领导干部民主生活会若干规定"),
    ("党的代表大会代表平时能做什么", "中国共产党全国代表大会和地方各级代表大会代表任期制规定"),
    ("国企重大决策为什么要先过党委会", "中国共产党国有企业基层组织工作条例（试行）"),
    ("县长对安全生产负什么责任", "地方党政领导干部安全生产责任制规定"),
    ("派出所能拘留人多久", "中华人民共和国治安管理处罚法"),
    ("加班费按几倍算", "中华人民共和国劳动法"),
    ("单位采购电脑必须招标吗", "中华人民共和国招标投标法"),
    ("副县级干部提任正县级，对下一级职务的任职时间有啥规定", "党政领导干部选拔任用工作条例"),
    ("个别谈话推荐和会议推荐的结果是不是都要看", "党政领导干部选拔任用工作条例"),
    ("干部任前公示期间有人反映问题怎么办", "关于推行党政领导干部任前公示制的意见"),
    ("被问责免职的干部什么时候可以重新任用", "党政领导干部选拔任用工作条例"),
    ("拟任人选要不要看他的人事档案和有关事项报告", "关于防止干部“带病提拔”的意见"),
    ("选人用人方面有哪些是严令禁止的", "党政领导干部选拔任用工作条例"),
    ("业绩平平、群众评价差的领导该不该动一动", "推进领导干部能上能下规定"),
    ("干部被调整出领导岗位后还能东山再起吗", "推进领导干部能上能下规定"),
    ("领导干部出现哪十五种情况应当及时调整", "推进领导干部能上能下规定"),
    ("干部脱产培训期间还能不能管单位的事", "干部教育培训工作条例"),
    ("培训机构的老师可以由哪些人担任", "干部教育培训工作条例"),
    ("干部教育培训的经费从哪里出", "干部教育培训工作条例"),
    ("县处级副职五年里学习培训的总时长", "干部教育培训工作条例"),
    ("领导干部年度考核要走哪些步骤", "党政领导干部考核工作条例"),
    ("享受副处待遇的四调是怎么晋升来的", "公务员职务与职级并行规定"),
    ("一个县局能有几个二级主任科员", "公务员职务与职级并行规定"),
    ("没有领导职务的公务员怎么往上升", "公务员职务与职级并行规定"),
    ("单位集体受表彰，优秀名额能不能多给", "公务员考核规定"),
    ("公务员个人奖励从低到高有几档", "中华人民共和国公务员法"),
    ("党委书记怎样履行监督第一责任人的职责", "中国共产党党内监督条例"),
    ("党内监督有哪些具体制度手段", "中国共产党党内监督条例"),
    ("纪委发现同级党委班子成员有问题该怎么报告", "中国共产党党内监督条例"),
    ("党员申诉多长时间要给答复", "中国共产党党员权利保障条例"),
    ("党员认为处分决定错了，保障他的途径有哪些", "中国共产党党员权利保障条例"),
    ("中心组学习可以让别人列席旁听吗", "中国共产党党委（党组）理论学习中心组学习规则"),
    ("党小组由谁来组成，怎么开会", "中国共产党支部工作条例（试行）"),
    ("部门党组成员怎么任命", "中国共产党党组工作条例"),
    ("政法系统的重大问题要向党委报告哪些", "中国共产党政法工作条例"),
    ("宗教界人士属于统战范围吗", "中国共产党统一战线工作条例"),
    ("党务可以不公开的情形", "中国共产党党务公开条例（试行）"),
    ("佩戴党员徽章有什么讲究", "中国共产党党徽党旗条例"),
    ("党内规章谁有权制定，叫什么名字", "中国共产党党内法规制定条例"),
    ("请示件上要写签发人吗", "党政机关公文处理工作条例"),
    ("公务员考试作弊会被禁考几年", "公务员录用违规违纪行为处理办法"),
    ("专业技术类公务员职级怎么分", "专业技术类公务员管理规定"),
    ("参公单位的人算不算公务员", "参照《中华人民共和国公务员法》管理的单位审批办法"),
    ("延迟退休后男干部几岁退", "全国人民代表大会常务委员会关于实施渐进式延迟法定退休年龄的决定"),
    ("事业单位招人能不能只要本地户口", "事业单位公开招聘人员暂行规定"),
    ("校长可以连任几届", "中小学校领导人员管理暂行办法"),
    ("街道社区党建由谁牵头", "关于加强和改进城市基层党的建设工作的意见"),
    ("统计数据造假领导要负什么责任", "中华人民共和国统计法"),
    ("法治建设谁是第一责任人", "党政主要负责人履行推进法治建设第一责任人职责规定"),
    ("行贿的人要不要一起处理", "关于进一步推进受贿行贿一起查的意见"),
    ("政府督查可以采取哪些方式", "政府督查工作条例"),
    ("在外打工的党员归哪里管", "关于进一步加强和改进流动党员管理工作的意见"),
]

#: Questions about documents that the corpus holds.
HELD = [
    ("党纪处分的影响期各是多长", "中国共产党纪律处分条例"),
    ("收了服务对象的消费卡怎么处分", "中国共产党纪律处分条例"),
    ("留置最长可以多久", "中华人民共和国监察法"),
    ("谈话函询的回复期限", "中国共产党纪律检查机关监督执纪工作规则"),
    ("公务员辞退的情形有哪些", "中华人民共和国公务员法"),
    ("政务处分的种类和期间", "中华人民共和国公职人员政务处分法"),
    ("预备党员转正要经过什么手续", "中国共产党发展党员工作细则"),
    ("入党积极分子要培养教育多久", "中国共产党发展党员工作细则"),
    ("流动党员怎么管理、失联党员怎么处理", "中国共产党党员教育管理工作条例"),
    ("公务接待陪餐人数有什么限制", "党政机关国内公务接待管理规定"),
    ("信访事项多少天办结", "信访工作条例"),
    ("绝密级事项的保密期限", "中华人民共和国保守国家秘密法"),
    ("人事档案能不能借出去看", "干部人事档案工作条例"),
    ("机关党委书记由谁担任", "中国共产党党和国家机关基层组织工作条例"),
    ("行政复议的申请期限", "中华人民共和国行政复议法"),
    ("问责的方式有哪几种", "中国共产党问责条例"),
    ("三个区分开来指什么", "关于进一步激励广大干部新时代新担当新作为的意见"),
    ("出差伙食补助费一天多少", "中央和国家机关差旅费管理办法"),
]

#: Questions of other fields, general knowledge and small talk: they belong to no document.
ELSEWHERE = [
    "今天食堂吃什么",
    "怎样写好一篇学习心得",
    "请帮我总结一下刚才说的",
    "怎么提高普通话水平",
    "党的一大在哪里召开",
    "五四运动发生在哪一年",
    "毛泽东思想的活的灵魂是什么",
    "实践和认识的关系是什么",
    "什么是社会主义核心价值观",
    "长征一共走了多少里",
    "改革开放从哪一年开始",
    "遵义会议有什么意义",
    "唯物辩证法的根本规律有哪几条",
    "资本主义的基本矛盾是什么",
    "我国最长的河流是哪条",
    "怎么做一份漂亮的PPT",
    "电脑蓝屏怎么办",
    "孩子不爱写作业怎么办",
    "天气预报说周末会下雨吗",
    "世界杯什么时候开始",
    "怎么减肥最快",
    "李白写过哪些名篇",
    "如何练好毛笔字",
    "北京到上海多少公里",
    "手机流量不够用了",
    "感冒了要不要吃消炎药",
    "一元二次方程怎么解",
    "牛顿第二定律是什么",
    "推荐一本小说",
    "谢谢你的回答",
    "再详细一点",
    "你是谁",
    "这个词是什么意思",
    "上面那条能再解释一下吗",
    "单位打印机没墨了找谁",
    "怎么跟同事处好关系",
    "领导讲话稿开头怎么写",
    "发言紧张怎么克服",
    "年轻人怎么理财",
    "房价还会涨吗",
]

SMALL = """
图书室:
  - title: 某市公共图书室借阅管理办法（试行）
    short: 借阅办法、图书借阅办法
    issuer: 某市文化局
    kind: 办法
    editions: [2012, {issued_on: 2019-03-01, effective_on: 2019-05-01}]
    subjects: 图书 续借、逾期 罚则
    terms: 借书证
  - title: 某市公共图书室借阅规定
    kind: 规定
    editions: [2005]
    status: repealed
    superseded_by: 某市公共图书室借阅管理办法
"""


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.load()


def titles(ranked: list[tuple[Entry, float, tuple[str, ...]]]) -> list[str]:
    return [entry.title for entry, _, _ in ranked]


def write(folder: Path, text: str) -> Path:
    path = folder / "register.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_packaged_register_covers_what_a_cadre_meets(register: Register) -> None:
    assert len(register.entries) >= 450
    assert all(entry.subjects for entry in register.entries if entry.in_force)
    assert all(entry.issuer for entry in register.entries)


def test_titles_are_unique_however_they_are_written(register: Register) -> None:
    folded = Counter(fold(entry.title) for entry in register.entries)
    assert [title for title, times in folded.items() if times > 1] == []


def test_every_short_name_means_one_document(register: Register) -> None:
    for entry in register.entries:
        for short in entry.short:
            mentions = register.mentions(f"请问{short}怎么说")
            assert [mention.entries for mention in mentions] == [(entry,)], short


def test_every_title_is_found_as_it_stands_and_in_brackets(register: Register) -> None:
    for entry in register.entries:
        assert register.by_title(entry.title) is entry
        (mention,) = register.mentions(f"根据《{entry.title}》办理")
        assert mention.entry is entry


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("公务员法", "中华人民共和国公务员法"),
        ("《中华人民共和国公务员法》", "中华人民共和国公务员法"),
        ("公务员法(2018-12-29)", "中华人民共和国公务员法"),
        ("公務員法", "中华人民共和国公务员法"),
        ("中国共产党纪律处分条例 2023", "中国共产党纪律处分条例"),
        ("中国共产党纪律处分条例（2018年版）", "中国共产党纪律处分条例"),
        ("党章", "中国共产党章程"),
        ("组织处理规定 试行", "中国共产党组织处理规定（试行）"),
        ("党委 党组 落实全面从严治党主体责任规定", "党委（党组）落实全面从严治党主体责任规定"),
        ("八项规定", "十八届中央政治局关于改进工作作风、密切联系群众的八项规定"),
    ],
)
def test_a_title_is_known_however_it_is_written(register: Register, written: str, title: str) -> None:
    entry = register.by_title(written)
    assert entry is not None
    assert entry.title == title


def test_an_unknown_title_is_unknown(register: Register) -> None:
    assert register.by_title("某市公共图书室借阅管理办法") is None
    assert register.by_title("条例") is None
    assert register.newest_edition("某市公共图书室借阅管理办法") is None


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
def test_every_regulation_of_the_official_corpus_is_in_the_register(register: Register) -> None:
    with (SHARED / "corpus" / "PROVENANCE.tsv").open(encoding="utf-8") as table:
        listed = {row["title"] for row in csv.DictReader(table, delimiter="\t")}
    assert {title for title in listed if register.by_title(title) is None} == NOT_REGULATIONS


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
def test_dates_of_statutes_agree_with_the_public_collections(register: Register) -> None:
    known: dict[str, set[str]] = {}
    with (SHARED / "corpus" / "known_titles.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            known.setdefault(fold(row["title"]), set()).add(row["date"])
    for entry in register.entries:
        if entry.kind in ("法律", "行政法规") and (days := known.get(fold(entry.title), set()) - {""}):
            newest = entry.editions[-1].issued_on
            assert newest is not None, entry.title
            assert newest.isoformat() >= max(days), entry.title


def test_longer_names_win_over_the_names_inside_them(register: Register) -> None:
    text = "监察法实施条例和监察法、《公务员法》有什么关系"
    assert [(mention.name, mention.entry.title if mention.entry else None) for mention in register.mentions(text)] == [
        ("监察法实施条例", "中华人民共和国监察法实施条例"),
        ("监察法", "中华人民共和国监察法"),
        ("《公务员法》", "中华人民共和国公务员法"),
    ]


def test_a_mention_says_where_it_stands(register: Register) -> None:
    text = "请问中国共产党 纪律处分条例第133条"
    (mention,) = register.mentions(text)
    assert text[mention.start : mention.end] == mention.name == "中国共产党 纪律处分条例"


def test_a_name_inside_another_word_is_not_a_mention(register: Register) -> None:
    assert register.mentions("公务员法规有哪些") == ()
    assert register.mentions("生活用水法规") == ()


def test_a_title_in_brackets_that_nobody_knows_is_a_mention_of_nothing(register: Register) -> None:
    (mention,) = register.mentions("《图书室借阅办法》怎么规定")
    assert mention.name == "《图书室借阅办法》"
    assert mention.entry is None


def test_a_repealed_document_leads_to_its_successor(register: Register) -> None:
    successor = register.superseded_by("信访条例")
    assert successor is not None
    assert successor.title == "信访工作条例"
    assert register.superseded_by("信访工作条例") is None
    assert register.newest_edition("中国共产党纪律处分条例") == 2023
    assert register.newest_edition("问责条例") == 2019


def test_a_question_that_names_no_document_finds_the_one_it_belongs_to(register: Register) -> None:
    assert [pair for pair in UNNAMED if pair[1] not in titles(register.belongs(pair[0]))[:3]] == []


def test_a_question_on_a_held_document_finds_it_too(register: Register) -> None:
    assert [pair for pair in HELD if pair[1] not in titles(register.belongs(pair[0]))[:2]] == []


def test_a_question_of_another_field_scores_low_everywhere(register: Register) -> None:
    best = {one: max((score for _, score, _ in register.belongs(one)), default=0.0) for one in ELSEWHERE}
    assert {question: score for question, score in best.items() if score >= 0.2} == {}


def test_most_questions_that_belong_score_above_all_that_do_not(register: Register) -> None:
    best = [register.belongs(question)[0][1] for question, _ in UNNAMED]
    assert sum(score >= 0.2 for score in best) / len(best) >= 0.85


def test_word_order_and_particles_do_not_matter(register: Register) -> None:
    one = register.belongs("公务员年度考核优秀等次的比例")
    other = register.belongs("年度考核时公务员优秀等次占多大比例")
    assert titles(one)[0] == titles(other)[0] == "公务员考核规定"


def test_numbers_count_in_figures_and_in_words(register: Register) -> None:
    assert register.belongs("每年脱产培训90学时") == register.belongs("每年脱产培训九十学时")


def test_phrases_say_why(register: Register) -> None:
    entry, score, phrases = register.belongs("干部出现哪些情形属于不适宜担任现职")[0]
    assert entry.title == "推进领导干部能上能下规定"
    assert 0.4 < score <= 1.0
    assert "不适宜担任现职 情形" in phrases


def test_rule_terms_given_beside_the_question_help_to_find_the_document(register: Register) -> None:
    question = "他往上走要熬几年"
    plain = {entry.title: score for entry, score, _ in register.belongs(question)}
    helped = {entry.title: score for entry, score, _ in register.belongs(question, ["晋升职级", "职级 年限"])}
    title = "公务员职务与职级并行规定"
    assert helped.get(title, 0.0) > plain.get(title, 0.0)


def test_repealed_documents_are_never_what_a_question_belongs_to(register: Register) -> None:
    for question, _ in UNNAMED:
        assert all(entry.in_force for entry, _, _ in register.belongs(question))


def test_an_empty_question_belongs_nowhere(register: Register) -> None:
    assert register.belongs("") == []
    assert register.belongs("？？") == []
    assert register.mentions("") == ()


def test_a_look_up_takes_about_a_millisecond(register: Register) -> None:
    register.belongs("试用期")
    began = time.process_time()
    for question, _ in UNNAMED:
        register.belongs(question)
        register.mentions(question)
    assert (time.process_time() - began) / len(
        UNNAMED
    ) < 0.010  # 1 ms on two office cores; ten leave room for a slow one


def test_loading_is_quick_enough_for_a_single_question() -> None:
    began = time.process_time()
    Register.load().belongs("试用期")
    assert time.process_time() - began < 1.0  # 0.2 s on two office cores


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    register = Register.load(write(tmp_path, SMALL))
    first, second = register.entries
    assert first.topic == "图书室"
    assert first.short == ("借阅办法", "图书借阅办法")
    assert first.editions[0] == Edition(2012)
    assert first.editions[1].effective_on is not None
    assert first.newest == 2019
    assert not second.in_force
    assert register.superseded_by("某市公共图书室借阅规定") is first
    assert titles(register.belongs("图书怎么续借")) == [first.title]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("kind: 办法", "kind: 文章", "某市公共图书室借阅管理办法（试行）》的 kind：“文章”不是文种"),
        ("[2005]", "[二〇〇五年]", "某市公共图书室借阅规定》的 editions：“二〇〇五年”应当是年份"),
        ("[2012, ", "[2020, ", "的 editions：应当从旧到新排列"),
        ("status: repealed", "status: 废止", "的 status：“废止”应当是 in_force 或 repealed"),
        ("superseded_by: 某市公共图书室借阅管理办法", "superseded_by: 另一办法", "“另一办法”不是名录里的现行文件"),
        ("issuer:", "publisher:", "的 publisher：不是名录的字段"),
        ("逾期 罚则", "逾期 罚", "的 subjects：“逾期 罚”里有单个字的词"),
        ("    subjects: 图书 续借、逾期 罚则\n", "", "的 subjects：现行文件至少要写一项"),
        ("title: 某市公共图书室借阅规定", "title: 《某市公共图书室借阅管理办法》", "是同一个文件"),
        ("- title: 某市公共图书室借阅规定", "- name: 某市公共图书室借阅规定", "有一条没有 title"),
        (SMALL, "- 一\n- 二\n", "顶层应当是“专题: 文件列表”"),
        (SMALL, "专题: 说明文字\n", "专题“专题”下面应当是文件列表"),
        (SMALL, "专题:\n  - title: '没有结束\n", "不符合 YAML 格式"),
    ],
)
def test_a_mistake_in_the_file_is_told_by_entry_and_field(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    with pytest.raises(InvalidRegister) as raised:
        Register.load(write(tmp_path, SMALL.replace(right, wrong)))
    assert told in str(raised.value)
    assert str(raised.value).endswith("。")


def test_a_missing_file_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(InvalidRegister, match="读不出来"):
        Register.load(tmp_path / "nothing.yaml")


def test_a_register_without_documents_knows_nothing() -> None:
    assert Register([]).belongs("公务员的考核结果分几个等次") == []
    assert Register([]).mentions("公务员法第五条") == ()
