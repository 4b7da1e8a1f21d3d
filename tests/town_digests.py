"""Five digests of the fictional 青禾县, made by hand: what the formats are drawn from, without a store.

They are the days that a desk has: an ordinary one, an empty one with a blind source, an accident, a missed shift with late arrivals, and
what the head of the office is shown. ``tests/data/digests`` holds how they must look.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yuqing_cli.digest.page import Page, page
from yuqing_cli.digest.sections import (
    Comparison,
    Count,
    Gap,
    HotEntry,
    Matter,
    Note,
    RisingWord,
    Suppressed,
)
from yuqing_cli.digest.shapes import (
    Burst,
    Coverage,
    Delta,
    Digest,
    DigestEvent,
    Link,
    Method,
    SourceCoverage,
    Totals,
    Work,
)
from yuqing_cli.records import replace

ZONE = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2026, 9, 15, tzinfo=ZONE)
PAPERS = {
    "青禾论坛民生版": "community",
    "青禾日报": "media",
    "禾城晚报": "media",
    "河西都市报": "media",
    "青禾发布": "official",
    "青禾县人民政府公告": "official",
    "青禾供水停水通知": "official",
    "省气象台预警": "official",
    "青禾县消费者权益保护": "official",
    "河西热榜": "hotlist",
}


def at(clock: str, day: int = 0) -> datetime:
    """A time of the town's day (``day``: days from it)."""
    hour, minute = map(int, clock.split(":"))
    return MIDNIGHT + timedelta(days=day, hours=hour, minutes=minute)


def links(*reports: tuple[str, str, str], day: int = 0) -> tuple[Link, ...]:
    """Reports as (clock, source, title); their ids are counted through the title's letters, so that they stay."""
    found = []
    for clock, source, title in reports:
        when = at(clock, day)
        post = f"{sum(map(ord, title)) * 7919 % 16**6:06x}{when.hour:02x}{when.minute:02x}"
        found.append(
            Link(
                post,
                title,
                f"https://news.qinghe.example/{post}",
                source,
                when,
                PAPERS[source],
                when + timedelta(minutes=4),
            )
        )
    return tuple(found)


def event(
    rank: int, level: str, score: float, state: str, reports: tuple[Link, ...], excerpt: str = "", **more: object
) -> DigestEvent:
    """An event of these reports; the first is the one that stands for it. ``more`` are fields of ``DigestEvent``."""
    terms = more.pop("terms", ())
    assert isinstance(terms, tuple)
    spots = sorted((excerpt.find(term), excerpt.find(term) + len(term)) for term in terms if term in excerpt)
    times = sorted(link.published_at for link in reports if link.published_at)
    shares = {"relevance": 0.38, "severity": 0.25, "reach": 0.2, "tone": 0.1, "spread": 0.07}
    base = DigestEvent(
        id=reports[0].post[::-1],
        rank=rank,
        level=level,  # type: ignore[arg-type]
        score=score,
        parts={name: score * share for name, share in shares.items()},
        state=state,  # type: ignore[arg-type]
        title=reports[0].title,
        excerpt=excerpt,
        topics=("water_quality",),
        subjects=("county",),
        first_seen=times[0],
        last_seen=times[-1],
        posts=len(reports),
        sources=len({link.source for link in reports}),
        origins=len({link.source for link in reports}),
        delta=Delta(),
        owner=None,
        answer=None,
        links=reports,
        terms=terms,
        highlights=tuple(spots),
    )
    return replace(base, **more)


YELLOW_WATER = links(
    ("09:12", "青禾日报", "城东片区自来水发黄第三天 居民盼说法"),
    ("07:05", "青禾论坛民生版", "第三天了！城东的自来水还是黄的，有人管吗"),
    ("09:40", "禾城晚报", "城东片区自来水发黄第三天 居民盼说法"),
    ("10:26", "青禾论坛民生版", "打了三次12345，城东黄水到底谁来看一眼？"),
    ("13:18", "河西都市报", "青禾城东黄水调查：约4200户受影响，浊度超标近三倍"),
)
FIRST = links(("18:52", "青禾论坛民生版", "城东这水黄成这样，谁敢喝？"), day=-2)
LONG_AGO = links(("18:52", "青禾论坛民生版", "城东这水黄成这样，谁敢喝？"), day=-8)
CANTEEN = links(
    ("11:47", "青禾论坛民生版", "急问：实验小学食堂的水也是黄的，孩子中午吃的啥？"),
    ("13:02", "青禾日报", "九名学生上吐下泻，实验小学食堂用的是不是黄水？家长追问"),
)
CLINIC = links(
    ("08:31", "青禾论坛民生版", "交60块“加急费”就能插队？县医院儿科这是乱收费吧"),
    ("12:09", "禾城晚报", "儿科夜诊排队四小时，六十元“加急费”该不该收？"),
)
LIFT = links(("10:05", "青禾论坛民生版", "禾苑小区电梯又困人了，孕妇关在里面四十分钟！"))
NOISE = links(("02:11", "青禾论坛民生版", "凌晨两点，麦浪街工地还在打桩，还让不让人睡"))
FEES = links(("08:55", "青禾论坛民生版", "县二中收386块资料费，不交就把名字写黑板上"))
KETTLE = links(
    ("10:48", "青禾县消费者权益保护", "召回公告：“沸小丫”牌电热水壶存在烫伤风险"),
    ("12:30", "禾城晚报", "家里有这款电热水壶的快看壶底：“沸小丫”正在召回"),
)
BUS = links(
    ("07:30", "青禾发布", "公交5路今起改线，这两个站点取消"),
    ("08:14", "青禾论坛民生版", "5路车不停县医院东门了？我妈白等一小时"),
)
REPLY = links(("11:20", "青禾县人民政府公告", "关于网民上周反映谷雨新村供暖管道问题的回复"))
RAIN = links(
    ("16:22", "青禾论坛民生版", "芒种路桥洞又淹了！！千万别走"),
    ("16:40", "青禾发布", "芒种路下穿通道积水封闭，请绕行禾苑路"),
    ("17:05", "青禾日报", "芒种路下穿通道积水没过车轮 交警封路救援"),
    ("17:31", "禾城晚报", "芒种路积水成河，送餐小哥蹚水推出三辆车"),
)
WARNING = links(
    ("15:38", "省气象台预警", "省气象台发布青禾县暴雨红色预警信号"), ("15:51", "青禾发布", "暴雨红色预警！非必要不外出")
)
LATE = links(("06:40", "青禾论坛民生版", "又是一夜没睡：麦浪街夜间施工噪音72分贝"), day=-1)


def _water(**more: object) -> DigestEvent:
    given: dict[str, object] = {
        "terms": ("自来水", "发黄", "浊度超标"),
        "day": 3,
        "copies": 1,
        "origins": 5,
        "delta": Delta(3, 2, 1, "orange"),
        "owner": "青禾供水公司",
        "playbook": "先核实片区和户数，两小时内对外说明",
        "hourly": (0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 1, 0, 0, 1),
        "burst": Burst(5, 0.8, 0.0014),
        "outlook": "rising",
        "notes": (Note(at("09:50"), "已电话告知供水公司值班室，答复正在排查"),),
    }
    excerpt = "城东片区十余个小区的自来水发黄已进入第三天，检测显示浊度超标近三倍，居民只能买桶装水做饭。"
    return event(1, "red", 88.4, "continuing", (*YELLOW_WATER, *FIRST), excerpt, **(given | more))


def _method(stale: int = 0) -> Method:
    return Method("0.1.0", "3f9c27d1a0b4", {"red": 85.0, "orange": 70.0, "yellow": 50.0}, stale)


def _coverage(*trouble: SourceCoverage, ratio: float = 1.0, seen: str = "14:00") -> Coverage:
    named = {source.name for source in trouble}
    fine = [SourceCoverage(name, at(seen), "ok") for name in PAPERS if name not in named]
    return Coverage(ratio, (*fine, *trouble))


def ordinary() -> Digest:
    """A working day at two in the afternoon: yellow water in its third day, everything else usual."""
    events = (
        _water(),
        event(
            2, "orange", 74.1, "new", CANTEEN,
            "实验小学有九名学生午饭后呕吐、腹泻，家长追问食堂用水是否为黄水。", terms=("呕吐", "腹泻", "食堂"),
            owner="县教育局", topics=("school_food",), outlook="steady", origins=2,
        ),
        event(
            3, "yellow", 58.7, "new", CLINIC,
            "儿科夜间门诊排队四小时，有家长称交六十元“加急费”可提前就诊。", terms=("加急费", "排队"), owner="县人民医院",
            topics=("hospital_fees",), status="answered", answer="https://hospital.qinghe.example/notice/31",
            answered_at=at("13:30"),
        ),
        event(4, "yellow", 55.2, "new", LIFT, "孕妇被困电梯四十分钟。", terms=("电梯", "困人"), topics=("lift",)),
        event(5, "yellow", 51.0, "continuing", (*NOISE, *LATE), terms=("打桩",), day=5, first_seen=at("02:05", -4), origins=2,
              delta=Delta(1, 0, -1), topics=("noise",)),
        event(6, "blue", 46.3, "new", FEES, terms=("资料费",), topics=("school_fees",), owner="县教育局"),
        event(7, "blue", 41.8, "continuing", BUS, terms=("改线",), day=2, first_seen=at("19:20", -1), delta=Delta(0, 0, 0),
              topics=("bus",)),
        event(8, "blue", 38.5, "new", KETTLE, terms=("召回",), topics=("recall",), origins=1, copies=1),
        event(9, "blue", 30.2, "new", REPLY, terms=("供暖", "回复"), topics=("heating",), good=True),
    )  # fmt: skip
    samples = (
        Suppressed("water/outage：演练", 2, (("9ab1c40f0e12", "有备无患！我县开展城市供水停水演练"),)),
        Suppressed("marked", 1, (("77e0aa10091b", "城东桶装水一夜涨价四成，三家超市被约谈"),)),
    )
    hours = (0, 0, 1, 0, 0, 0, 0, 2, 3, 2, 3, 2, 2, 2)
    return Digest(
        station="青禾县", timezone="Asia/Shanghai", start=at("00:00"), end=at("00:00", 1), shift="", kind="today",
        as_of=at("14:05"), issue=258, watermark=48_213,
        totals=Totals(posts=143, matched=17, events=9, new_events=6, sources=7, late=0),
        coverage=_coverage(), events=events, suppressed={"water/outage：演练": 2, "marked": 1}, method=_method(),
        comparisons=(Comparison("previous", 131.0, 11.0, 7.0), Comparison("weekday", 150.0, 9.0, 6.0),
                     Comparison("mean7", 138.4, 12.3, 6.9)),
        by_topic=(Count("water_quality", 5, 1, "水质问题"), Count("hospital_fees", 2, 1, "医院收费"),
                  Count("school_food", 2, 1, "校园食品安全"), Count("bus", 2, 1, "公交"), Count("recall", 2, 1, "召回")),
        by_source=(Count("青禾论坛民生版", 8, 8), Count("禾城晚报", 3, 3), Count("青禾日报", 2, 2), Count("河西都市报", 1, 1),
                   Count("青禾县消费者权益保护", 1, 1), Count("青禾发布", 1, 1), Count("青禾县人民政府公告", 1, 1)),
        by_tier=(Count("community", 8, 7), Count("media", 6, 4), Count("official", 3, 3)),
        hourly=hours,
        matters=(
            Matter("b81f0c77aa", "谷雨新村供暖管道漏水", "yellow", "closed", at("18:20", -6), "县住建局",
                   "https://gov.qinghe.example/reply/88", at("11:20"), at("11:45"), (Note(at("11:45"), "答复已转给小区居民"),)),
            Matter("c02d4e91f3", "麦浪街工地夜间打桩", "yellow", "open", at("02:05", -4), "县城管局"),
        ),
        hot=(HotEntry("6e10b2f30d02", YELLOW_WATER[0].post[::-1], "青禾城东黄水", "https://hot.hexi.example/1", "河西热榜", 4, 6, 185.0,
                      412_000.0, -0.7, at("13:55")),),
        rising=(RisingWord("黄水", 6, 0.4, (YELLOW_WATER[3].post, CANTEEN[0].post)),
                RisingWord("桶装水", 3, 0.6, (YELLOW_WATER[0].post,))),
        suppressed_samples=samples,
    )  # fmt: skip


def empty() -> Digest:
    """A quiet Sunday on which one source could not be seen for hours: nothing found, and how far that can be trusted."""
    blind = SourceCoverage(
        "青禾论坛民生版", at("09:10"), "failing", ((at("09:10"), at("13:40")), (at("15:00"), at("19:58"))), "HTTP 503"
    )
    silent = SourceCoverage("青禾供水停水通知", at("19:50"), "silent", (), "")
    return replace(
        ordinary(), events=(), totals=Totals(96, 0, 0, 0, 0), issue=262, as_of=at("20:00"), kind="shift", shift="day",
        start=at("08:00"), end=at("20:00"), coverage=_coverage(blind, silent, ratio=0.921, seen="19:55"), suppressed={},
        comparisons=(Comparison("previous", 104.0, 3.0, 2.0),), by_topic=(), by_source=(), by_tier=(), hourly=(0,) * 12, matters=(),
        hot=(), rising=(), suppressed_samples=(),
    )  # fmt: skip


def accident() -> Digest:
    """A cloudburst in the afternoon: one event tears away, its level rises, hot lists climb."""
    flood = event(
        1, "red", 93.6, "new", RAIN,
        "芒种路下穿通道积水没过车轮，多辆车被困，交警已封路，暂无人员伤亡。", terms=("积水", "被困"),
        topics=("flooded_street",), owner="县防汛办", playbook="https://plans.qinghe.example/flood",
        hourly=(0, 0, 0, 0, 0, 0, 0, 0, 2, 2), burst=Burst(4, 0.2, 0.00007), outlook="rising", origins=4,
    )  # fmt: skip
    warning = event(
        2, "orange", 79.9, "new", WARNING, "预计未来三小时降雨量将达100毫米以上。", terms=("暴雨", "红色预警"),
        topics=("rainstorm",), owner="县气象局", origins=1, copies=1,
    )  # fmt: skip
    again = event(
        3, "orange", 71.2, "resurgent", (*YELLOW_WATER[:2], *LONG_AGO),
        "停雨后城东部分小区自来水再次发黄。", terms=("自来水", "发黄"), day=9, delta=Delta(1, 1, 4, "yellow"), owner="青禾供水公司",
    )  # fmt: skip
    return replace(
        ordinary(), events=(flood, warning, again), start=at("08:00"), end=at("20:00"), kind="shift", shift="day", issue=271,
        as_of=at("18:00"), totals=Totals(118, 7, 3, 2, 5), hourly=(0, 1, 0, 0, 0, 0, 0, 2, 2, 2), matters=(), rising=(),
        comparisons=(Comparison("previous", 96.0, 2.0, 2.0), Comparison("mean7", 120.0, 6.4, 5.1)), suppressed={}, suppressed_samples=(),
        by_topic=(Count("flooded_street", 4, 1, "内涝积水"), Count("rainstorm", 2, 1, "暴雨")),
        by_source=(Count("青禾发布", 2, 2), Count("青禾日报", 2, 2), Count("青禾论坛民生版", 1, 1), Count("禾城晚报", 1, 1),
                   Count("省气象台预警", 1, 1)), by_tier=(),
        hot=(HotEntry("0f3c91aa7b10", None, "芒种路积水", "https://hot.hexi.example/7", "河西热榜", 2, 2, 46.0, None, 11.5, at("17:58")),
             HotEntry("0f3c91aa7b11", None, "暴雨红色预警", "https://hot.hexi.example/8", "河西热榜", 9, None, 31.0)),
        coverage=_coverage(seen="17:58"),
    )  # fmt: skip


def missed() -> Digest:
    """The night shift after a day shift that nobody closed: its gap is covered, and what came late stands apart."""
    water = _water()
    water = replace(
        water, links=(YELLOW_WATER[1], *FIRST), posts=2, sources=1, origins=2, copies=0, last_seen=at("07:05"), delta=Delta(1, 0, 0),
        title=YELLOW_WATER[1].title, level="orange", score=74.8,
        parts={name: points * 74.8 / 88.4 for name, points in water.parts.items()},
        hourly=(0,) * 11 + (1,), burst=None, notes=(), outlook="steady",
        excerpt="放了半小时还是黄的，热线打了没人来。", highlights=((10, 12),), terms=("热线",),
    )  # fmt: skip
    noise = event(
        2, "yellow", 51.0, "continuing", NOISE, "凌晨两点还在打桩。", terms=("打桩",), day=5, first_seen=at("02:05", -4),
        delta=Delta(1, 0, 1), topics=("noise",), posts=3, origins=3, owner="县城管局",
    )  # fmt: skip
    late = event(
        3, "blue", 38.2, "new", links(("09:30", "禾城晚报", "凌晨两点的打桩声：麦浪街居民连续五晚没睡好"), day=-1),
        "麦浪街居民连续五晚没睡好。", terms=("打桩",), late=True, topics=("noise",),
    )  # fmt: skip
    stale = SourceCoverage("河西热榜", at("06:30"), "stale", ((at("00:00"), at("06:30")),), "list of 09-13 22:00")
    return replace(
        ordinary(), events=(water, noise, late), shift="night", kind="shift", start=at("20:00", -1), end=at("08:00"),
        as_of=at("08:02"), issue=259, gap=Gap(at("08:00", -1), at("20:00", -1)), totals=Totals(71, 3, 3, 1, 2, 1),
        hourly=(0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1), comparisons=(), hot=(), rising=(), by_source=(), by_topic=(), by_tier=(),
        suppressed={"water/outage：演练": 2}, suppressed_samples=(), method=_method(stale=3),
        matters=ordinary().matters[1:], coverage=_coverage(stale, ratio=0.967, seen="08:00"),
    )  # fmt: skip


def longest() -> Digest:
    """As much as an exec page can be asked to hold: every fact of three events as long as it may be."""
    long = "城东片区自来水发黄" * 300
    events = tuple(
        replace(
            event, title=long, excerpt=long, playbook=long, owner=long, origin=long, notes=(Note(event.first_seen, long),) * 3,
            day=365, state="resurgent", answer=f"https://a.example/{'x' * 1500}", status="answered", answered_at=event.last_seen,
            burst=Burst(12_345, 1_234.5, 0.001), outlook="rising",
            delta=replace(event.delta, posts=1_234, sources=123, rank=1_234, level="blue"),
            posts=12_345, sources=123, origins=1_234, copies=12_345,
            links=tuple(replace(link, title=long, source=long) for link in event.links),
        )
        for event in ordinary().events
    )  # fmt: skip
    day = ordinary()
    blind = tuple(replace(source, name=long, state="failing") for source in day.coverage.sources)
    matters = tuple(replace(matter, title=long, status="open") for matter in day.matters * 4)
    method = replace(
        day.method, stale=12_345, work=tuple(Work(kind, day.as_of, 12_345) for kind in ("purge", "rescore", "merge"))
    )
    return replace(
        day, station=long, shift=long, kind="shift", filters=(long, long), events=events, matters=matters, method=method,
        coverage=replace(day.coverage, sources=blind), totals=Totals(123_456, 12_345, 1_234, 1_234, 120, 1_234),
        gap=Gap(day.start - timedelta(days=30), day.start), more=dict.fromkeys(("new", "continuing", "unchanged", "late", "good"), 1_234),
    )  # fmt: skip


DAYS = {"ordinary": ordinary, "empty": empty, "accident": accident, "missed": missed}


def pages() -> dict[str, Page]:
    """The five, as pages: the fifth is the ordinary day for the head of the office."""
    desk = {name: page(make()) for name, make in DAYS.items()}
    return desk | {"exec": page(ordinary(), audience="exec")}
