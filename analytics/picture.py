"""A chart as a picture without a browser, for mailed reports. Workers only: it loads Altair and a JavaScript engine.

Latin text is drawn in the first font of `FONTS` that the machine has; Chinese needs one of the CJK fonts
(Debian: `fonts-noto-cjk`), else its characters come out as boxes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

FONTS = "Inter, Noto Sans, Noto Sans CJK SC, sans-serif"
INK, LINE, ACCENT = "#1c1d1f", "#e3e3de", "#2b55cc"


def svg(name: str, values: Sequence[Mapping[str, Any]], *, width: int = 640) -> str:
    """The drawing of that name with its values as SVG text. Raises `LookupError` for a name that is not drawn."""
    import vl_convert

    from .charts import drawings

    config = {
        "font": FONTS,
        "axis": {"labelColor": INK, "gridColor": LINE, "domainColor": LINE, "tickColor": LINE},
        "mark": {"color": ACCENT},
        "view": {"stroke": None},
    }
    spec = drawings[name].spec() | {"width": width, "datasets": {"values": list(values)}, "config": config}
    return vl_convert.vegalite_to_svg(spec)
