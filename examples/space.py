"""The space of examples/wikipedia.yaml, written in Python. It is the same study, whichever of the two is explored.

python examples/space.py > space.yaml
tradespace explore space.yaml
"""

from tradespace import Space
from tradespace.parts import bm25, cross_encoder, dense, hybrid, maxsim, none, reader

few = [1, 2, 5]

space = Space(
    name="wikipedia-100ms",
    data={"dataset": "wikipedia/xquad", "explore": 150, "confirm": 1040},
    pipeline={
        "retrieve": [bm25(top_k=[*few, 10]), dense(top_k=few), hybrid(top_k=[5, 10])],
        "rerank": [none(), maxsim(keep=few), cross_encoder(layers=3, precision="int8", keep=5)],
        "generate": reader(layers=[3, 6], precision="int8", passages=few),
    },
    constraints=["generate.passages <= retrieve.top_k"],  # there is no more to read than was found
    objectives={"answer_f1": "maximize", "latency_p95": "minimize"},
    sla={"latency_p95": "100 ms", "split": ["retrieve + rerank", "generate"]},
    search={"strategy": "frontier", "half_width": 0.035},
)

if __name__ == "__main__":
    print(space.to_yaml(), end="")
