"""When the calls of a session are accepted: its life, its end, and the next one's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labkit.plots.figure import BLACK, BLUE, GREY, SKY, VERMILION, figure
from labkit.texts import session_life as texts


@dataclass(frozen=True)
class Session:
    """A session to draw: when it begins and ends, in minutes, and its calls as (minute, accepted)."""

    name: str
    begins: float
    ends: float
    calls: Sequence[tuple[float, bool]]

    def minutes(self, accepted: bool) -> list[float]:
        return [minute for minute, was in self.calls if was is accepted]


def draw_session_life(*sessions: Session) -> None:
    """One row for each session, from the top: a bar for its life, a mark for each call."""
    alt = texts.ALT.format(sessions=" ".join(_in_words(session) for session in sessions))
    with figure(alt, height=1 + 0.7 * len(sessions)) as axes:
        for row, session in enumerate(sessions):
            axes.barh(row, session.ends - session.begins, left=session.begins, height=0.5, color=SKY, alpha=0.5)
            axes.vlines(session.ends, row - 0.4, row + 0.4, colors=BLACK, linestyles="--")
            axes.annotate(texts.EXPIRES, (session.ends, row - 0.42), ha="center", va="bottom", fontsize=8)
            for accepted, marker, colour, label in (
                (True, "o", BLUE, texts.ACCEPTED),
                (False, "X", VERMILION, texts.REFUSED),
            ):
                minutes = session.minutes(accepted)
                axes.scatter(
                    minutes, [row] * len(minutes), marker=marker, s=60, color=colour, label=None if row else label
                )
        axes.set_yticks(range(len(sessions)), [session.name for session in sessions])
        axes.set_ylim(len(sessions) - 0.4, -0.75)
        axes.set_xlim(min(session.begins for session in sessions) - 1, None)
        axes.set_xlabel(texts.MINUTES)
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_color(GREY)
        axes.tick_params(left=False)
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)


def _in_words(session: Session) -> str:
    accepted, refused = (
        ", ".join(f"{minute:g}" for minute in session.minutes(was)) or texts.NEVER for was in (True, False)
    )
    return texts.ALT_SESSION.format(
        name=session.name, begins=session.begins, ends=session.ends, accepted=accepted, refused=refused
    )
