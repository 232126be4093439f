"""The words that Gradio itself says, in Chinese whatever language the browser asks for."""

from __future__ import annotations

from gradio import I18n

WORDS = {
    "blocks.connection_can_break": "手机熄屏或切到别的应用时，连接可能中断；回答会继续，回来刷新即可看到。",
    "blocks.long_requests_queue": "现在提问的人较多，请稍候。",
    "blocks.lost_connection": "连接断开了，正在重新连接…",
    "chatbot.cancel": "取消",
    "chatbot.clear": "清空",
    "chatbot.copied_message": "已复制",
    "chatbot.copy_message": "复制",
    "chatbot.dislike": "没用",
    "chatbot.edit": "修改",
    "chatbot.like": "有用",
    "chatbot.retry": "重新回答",
    "chatbot.submit": "提交",
    "chatbot.undo": "撤销",
    "common.clear": "清除",
    "common.empty": "空",
    "common.error": "出了错",
    "common.loading": "正在打开",
    "common.submit": "提交",
    "dropdown.dropdown": "下拉选择",
}
LANGUAGES = """
    ar ca ckb de en es et eu fa fi fr he hi ja ko lt nb nl pl pt pt-BR ro ru sv ta th tr uk ur uz zh-CN zh-TW
"""


def words() -> I18n:
    """Flat keys, because they win over Gradio's own nested ones."""
    return I18n(**dict.fromkeys(LANGUAGES.split(), WORDS))
