"""How a lesson becomes a notebook, and a notebook a lesson again. For maintainers; students never need it.

    python -m authoring build [NN ...]    lessons/NN_name.py → notebooks/NN_name.ipynb, executed
    python -m authoring sync NN           notebooks/NN_name.ipynb → lessons/NN_name.py

`lesson` reads and writes the source, `execute` runs a notebook in a fresh kernel, `build` and `sync` are the two ways,
`guard` says what a committed notebook may not hold.
"""
