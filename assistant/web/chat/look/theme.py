"""The theme of the chat: Gradio's variables take the tokens of style.css, so that one file says how everything looks."""

from __future__ import annotations

from gradio.themes import Base, Color

_STEPS = ("c50", "c100", "c200", "c300", "c400", "c500", "c600", "c700", "c800", "c900", "c950")


def _ladder(name: str, tokens: str) -> Color:
    values = (f"var(--{token})" for token in tokens.split())
    return Color(name=name, **dict(zip(_STEPS, values, strict=True)))


PAPER = "paper-soft ground line line-strong ink-soft ink-soft ink-soft ink ink ink ink"
RED = "red-pale red-pale red-line red-line red red red red-strong red-strong red-strong red-strong"


def theme() -> Base:
    """Dark values equal the light ones: which are shown is decided by `data-theme` on <html>, as on every other page."""
    red = _ladder("red", RED)
    made = Base(
        primary_hue=red,
        secondary_hue=red,
        neutral_hue=_ladder("paper", PAPER),
        radius_size="md",
        text_size="lg",
        font=["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif"],
        font_mono=["Consolas", "Noto Sans Mono CJK SC", "monospace"],
    )
    made.set(
        body_background_fill="var(--ground)",
        body_text_color="var(--ink)",
        body_text_color_subdued="var(--ink-soft)",
        background_fill_primary="var(--paper)",
        background_fill_secondary="var(--paper)",
        block_background_fill="var(--paper)",
        block_border_width="0px",
        block_label_text_color="var(--ink-soft)",
        block_shadow="none",
        button_primary_background_fill="#b3202c",
        button_primary_background_fill_hover="#8f1721",
        button_primary_text_color="#fff",
        button_secondary_background_fill="var(--paper)",
        button_secondary_text_color="var(--ink)",
        checkbox_label_text_color="var(--ink)",
        input_background_fill="var(--paper)",
        input_border_color="var(--line-strong)",
        input_border_color_focus="var(--red)",
        input_placeholder_color="var(--ink-soft)",
        link_text_color="var(--red-strong)",
    )
    for name in [name for name in vars(made) if name.endswith("_dark")]:
        light = getattr(made, name.removesuffix("_dark"), None)
        if light is not None:
            setattr(made, name, light)
    return made
