"""The page as the browser gets it: Gradio's, with our bar and the first view in it, and a nonce for its own scripts."""

from __future__ import annotations

import re
import secrets

_NOT_OURS = re.compile(
    r"""<meta[^>]*(?:"og:|"twitter:|name="viewport")[^>]*>|<link[^>]*rel="(?:preconnect|dns-prefetch)"[^>]*>"""
    r"""|<link[^>]*rel="manifest"[^>]*>"""
    r"""|<base[^>]*>"""  # with it a link to a place of the page would load the page anew
    r"""|<script>(?:(?!</script>).)*iframeResizer\.contentWindow(?:(?!</script>).)*</script>""",  # ours stands in no frame
    re.DOTALL,
)
_SCRIPT = re.compile(r"<script(?=[\s>])")
_BODY = re.compile(r"<body[^>]*>")

#: `gr.HTML` compiles its templates (`new Function`), which is why scripts of this page may be evaluated; the templates
#: are ours and hold no value. Gradio sets styles on its elements.
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'self'; "
    "frame-ancestors 'none'"
)


def first_page(page: str, head: str, before: str, after: str) -> tuple[str, str]:
    """Gradio's `page` with our `head` and, at the ends of its body, `before` and `after`; and the policy that goes with it."""
    nonce = secrets.token_urlsafe(16)
    page = _NOT_OURS.sub("", page).replace('lang="en"', 'lang="zh-CN"', 1).replace("</head>", head + "</head>", 1)
    page = page.replace("</body>", after + "</body>", 1)
    page = _SCRIPT.sub(f'<script nonce="{nonce}"', page)
    return _BODY.sub(lambda body: body[0] + before, page, count=1), POLICY.format(nonce=nonce)
