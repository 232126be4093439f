"""Personal numbers and marked texts stay on the machine."""

from __future__ import annotations

import pytest

from knowledge.text.confidential import document_marked, marked
from knowledge.text.masking import mask

# Numbers made up for the test: region codes that do not exist, right check digits.


def _checked(first_17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first_17 + "10X98765432"[sum(int(a) * b for a, b in zip(first_17, weights, strict=True)) % 11]


def test_an_identity_card_is_masked_wherever_it_stands() -> None:
    number = _checked("99010119900307001")
    for text in (f"我的身份证{number}能办吗", f"身份证号：{number[:6]} {number[6:14]} {number[14:]}。", number):
        assert number[6:14] not in mask(text)
        assert "〔身份证号〕" in mask(text)


def test_an_identity_card_that_ends_in_x_is_masked() -> None:
    number = next(one for one in (_checked(f"9901011990030700{digit}") for digit in range(10)) if one.endswith("X"))
    assert mask(f"{number.lower()}的人") == "〔身份证号〕的人"


def test_full_width_digits_are_masked() -> None:
    wide = _checked("99010119900307001").translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    assert mask(f"证件{wide}号") == "证件〔身份证号〕号"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("老式身份证990101900307001可以吗", "老式身份证〔身份证号〕可以吗"),
        ("电话13800138000，请回复", "电话〔手机号〕，请回复"),
        ("电话 138-0013-8000", "电话 〔手机号〕"),
        ("+86 13800138000", "〔手机号〕"),
        ("座机010-62345678", "座机〔电话号码〕"),
        ("卡号6222020000000000009转账", "卡号6222020000000000009转账"),
        ("卡号4111 1111 1111 1111", "卡号〔银行卡号〕"),
    ],
)
def test_numbers_are_replaced_by_what_they_were(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "2023年5月6日起施行",
        "国发〔2018〕5号",
        "第一百三十三条",
        "预算12345678901234567元",
        "990101199013070011",
        "编号20230506001234",
        "电话12345",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "机密★10年\n关于某事的通知",
        "绝 密 ★ 启用前",
        "密级：秘密",
        "【内部】学习材料",
        "内部资料，注意保存",
        "秘密\n某单位文件",
        "仅供内部使用",
        "这份文件是机密，帮我概括要点",
        "本材料属于内部资料，请总结",
    ],
)
def test_marked_texts_are_recognised(text: str) -> None:
    assert marked(text)


@pytest.mark.parametrize(
    "text",
    [
        "泄露国家秘密的，给予什么处分？",
        "国家秘密的密级分为绝密、机密、秘密三级。",
        "党内监督和内部审计有什么区别？",
        "保守党的秘密是党员的义务。",
        "商业秘密受到侵犯怎么办",
        "第三条　国家秘密是关系国家安全和利益的事项。",
        "加强内部管理，完善内部控制制度。",
    ],
)
def test_speaking_about_secrets_is_no_mark(text: str) -> None:
    assert not marked(text)


def test_a_mark_deep_in_the_text_of_a_document_is_part_of_its_wording() -> None:
    assert document_marked("某规定", "机密★某规定.txt", "正文")
    assert not document_marked("保密规定", "保密规定.txt", "正文" * 300 + "标明“机密★”字样。")
