"""A run as a notebook: a cell for each section of its script, each under its heading."""

from nnviz.export.lines import comment
from nnviz.export.script import sections
from nnviz.export.subject import Length
from nnviz.specs.planned import Planned
from nnviz.words.script import COMMENTS


def notebook(plan: Planned, length: Length) -> str:
    """Write a plan's first so many updates as the JSON of a notebook; raises ValueError as `script` does."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

    cells = [new_markdown_cell(" ".join(line.removeprefix("# ") for line in comment(COMMENTS["head"])))]
    for section in sections(plan, length):
        cells += [new_markdown_cell(f"## {section.title}"), new_code_cell(section.code)]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # by itself it would be another one at each time
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made = new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    return str(writes(made)) + "\n"
