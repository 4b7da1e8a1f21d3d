"""What ``boundary`` knows about single words: written by hand, from our own sentences and from reading what was dropped.

A term that is not in these lists is judged by the dictionary's frequencies alone; each entry mends a judgement that was
seen to be wrong, or belongs to a word for which one was.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _marked(text: str) -> dict[str, list[tuple[str, int]]]:
    """``加[班费]`` -> the term 班费 is held by the word 加班费, from offset 1 on."""
    found: dict[str, list[tuple[str, int]]] = {}
    for before, term, after in re.findall(r"(\w*)\[(\w+)\](\w*)", text):
        found.setdefault(term, []).append((before + term + after, len(before)))
    return found


LONG_FORMS = _words("""
    价格 价钱 费用 款项 税费 钱财 资源 薪水 薪酬 薪资 贷款 保险 保障 报销 退货 退款 退休 涨价 上涨 降价 降落
    车辆 停车 停止 停放 停运 停业 停产 停留 航线 航班 航空 运营 运行 运输 道路 路面 路段 路口 路灯 桥梁 站台 站点 线路 牌照 牌匾
    堵塞 驾车 驾驶
    医院 医生 医护 护士 药品 药物 品种 诊断 诊治 诊疗 治疗 疫病 病毒 病人 感染
    房屋 房子 房产 房源 租房 楼房 楼栋 建筑 厂房 厂区 园区 园林 区域 区内 工地 场地 场所 店铺 店面 店主 商铺 门口 管理 管道 管网 灯具 网络
    水质 水位 水源 水体 水流 质量 雨水 雨量 电力 电路 电网 电源 电线 气体 气味 气瓶 味道 声音 噪音 噪声 漏电 漏水 漏洞
    火灾 火势 火情 火险 火烧 洪水 洪涝 涝灾 旱灾 旱情 灾害 灾难 险情 危险 风暴 风力 风雨 情况 情势
    检测 检查 检验 检修 处理 处置 处分 处罚 罚款 污染 污水 排放 淹没 倒塌 坍塌 塌陷 爆炸 袭击 击中 击伤 击毙 缺陷 毁坏 毁损 修理
    裂缝 裂纹 占用
    伤害 伤亡 死亡 死伤 受伤 骗子 骗人 骗局 骗财 骗婚 骗保 骗术 案件 案子 法律 法规 证件 证明 证书 票证 票据 报告 编制 待遇 位置
    校园 校区 校门 校内 校舍 校方 校长 学生 学校 中学 课程 考生 考试 考点 教学 教师 假期 开业 工程
    人群 人员 人士 员工 老人 老百姓 队员 队伍 货物 肉类 菜品 鱼类 树木 林木 养殖 粪便 垃圾 废物 废料 渣土 尘土 湖泊 河流 河道
    石料 石头 土方
""")
"""Long forms of their first character; a longer word that begins with one (价格上涨) counts too."""

RESULTS = "毁伤死碎烂断坏掉倒塌没落亡垮裂"
"""A verb with one of these after it is the long form of the verb: 烧 and 烧毁."""

KINDS = "肉车楼水林油气火房树厂鱼菜药桥村票店货粪尘酒"
"""A word that ends with one of these is a kind of it: 猪肉 and 肉."""

NOT_KINDS = _words("""
    股票 发票 彩票 投票 选票 邮票 停车 通车 试车 矿泉水 薪水 香水 口水 天气 生气 勇气 语气 人气 名气 运气 力气 脾气 风水
""")
"""But these are none."""

OTHER_KINDS = _words("""
    暂停 重建 新建 修建 改建 扩建 兴建 搭建 调查 检查 督查 冲撞 碰撞 倒塌 坍塌 垮塌 欺骗 诈骗 欺诈 哄骗 坑骗 殴打 乘坐 泼粪 排污 上调 下调
    受灾 干旱 防疫 地震 恶臭 胡乱 虚假 洪水 山洪 雷电 甲流 砂石 航空 往返 旅客 乡村 县城 省城 老城 古城 大学 中学 小学 中小 教师 留学
    务工 淘宝网 第一 第二 第三
""")
"""Further words that mean what their last character means in a term: 暂停 and 停, 旅客 and 客."""

PASSIVE = "被遭"
"""What comes after one of these is a verb, whatever its length: 被烧 is the beginning of 被烧毁."""

NOT_PASSIVE = _words("困难 困境 困扰 困惑 困倦 埋伏 埋怨 埋没 淹留")
"""But these are no verbs of harm."""

TRAPS = _marked("""
    [老师]傅 [大巴]山 [大巴]扎 [大雪]山 荨[麻疹] 透[明胶] 米[老鼠] [的士]高 [落水]狗 [黄水]仙 [黄水]晶 [黑水]晶
    加[班费] 停[车费] 租[车费] 购[车费] 包[车费] 存[车费] 防[水表] 潜[水表] 目[标线] 铜[臭味] 一[阵风]
    [一中]全会 [二中]全会 [三中]全会 [四中]全会 [五中]全会 [六中]全会 [高中]低 [高中]档 [高中]级 [初中]级
    水[落石]出 刀[山火]海 风[林火]山 擅[离职]守 曾几[何时] 声[震中]外 名[震中]外 放[下架]子 [阴沟]里翻船
""")
"""Words that hold the characters of a term but not its meaning: term -> (the word, where the term begins in it)."""

COMPOUNDS = _marked("新[农合] 砂[石场] [群租]房 第[一中]学 第[二中]学 第[三中]学")
"""Words that hold a term with its meaning and that the dictionary has not."""

UNRELIABLE = _words("一小 部下 新农 被车撞")
"""Entries of the dictionary that are usually two words, or the end of a name: 一小区, 工信部下架, 新农合, 被车撞飞."""
