"""Colours of labels: by place in the schema, readable on dark and on light terminals alike."""

from rich.style import Style

from tocsin.data.schema import Schema

# Chosen for a contrast of 3:1 and more with both black and white (WCAG 2.1, section 1.4.11); a test measures it.
PALETTE = (
    "#2f7fd6",  # blue
    "#c95a12",  # orange
    "#d63a4a",  # red
    "#8f63d9",  # violet
    "#1f8f4d",  # green
    "#0e8a94",  # teal
    "#c2429b",  # magenta
    "#8a7a1a",  # olive
    "#9a6b4f",  # brown
    "#6b7f93",  # slate
)


def label_style(label: str, schema: Schema) -> Style:
    """How a label's spans look; triggers of events are bold and underlined too."""
    position = schema.span_labels.index(label)
    is_event = label in schema.event_types
    return Style(color=PALETTE[position % len(PALETTE)], bold=is_event or None, underline=is_event or None)
