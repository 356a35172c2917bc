"""A recording of a page: screenshots one after the other, each with what is being done, as one animated picture."""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Locator, Page

_COLOURS = 128
_CAPTION_PX = 44
_RADIUS_PX = 16
_ACCENT = (11, 104, 114)
_MARK = (224, 108, 20)
_READING_MS = 2200
_CLICKING_MS = 900


@dataclass(slots=True)
class Recording:
    """The frames up to now, with how long each is shown, in milliseconds; `tidy` is run in the page before each."""

    page: Page
    tidy: str
    caption: str = ""
    _frames: list[Image.Image] = field(default_factory=list)
    _durations: list[int] = field(default_factory=list)

    def show(self, caption: str = "") -> None:
        """Add the page as it is, with what is being done now; without that, with what was said last."""
        self.caption = caption or self.caption
        self._add(_READING_MS)

    def click(self, target: Locator) -> None:
        """Add the page with a mark at what is about to be clicked, and click it."""
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None
        self._add(_CLICKING_MS, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
        target.click()

    def save(self, path: Path) -> None:
        """Write the frames as a GIF that plays for ever, all with the same few colours."""
        heights = [frame.height for frame in self._frames]
        whole = Image.new("RGB", (self._frames[0].width, sum(heights)))
        for place, frame in enumerate(self._frames):
            whole.paste(frame, (0, sum(heights[:place])))
        palette = whole.quantize(_COLOURS)
        first, *others = (frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in self._frames)
        first.save(path, save_all=True, append_images=others, duration=self._durations, loop=0, optimize=True)

    def _add(self, milliseconds: int, mark: tuple[float, float] | None = None) -> None:
        self.page.evaluate(self.tidy)
        shot = Image.open(BytesIO(self.page.screenshot(animations="disabled"))).convert("RGB")
        frame = Image.new("RGB", (shot.width, shot.height + _CAPTION_PX), _ACCENT)
        frame.paste(shot, (0, 0))
        draw = ImageDraw.Draw(frame)
        draw.text((20, shot.height + 9), self.caption, fill="white", font=ImageFont.load_default(22))
        if mark is not None:
            (x, y), radius = mark, _RADIUS_PX
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline="white", width=6)
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_MARK, width=3)
        self._frames.append(frame)
        self._durations.append(milliseconds)
