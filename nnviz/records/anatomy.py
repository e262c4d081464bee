"""What a network is made of: its layers, how the data flows between them, and what each of them costs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Role = Literal["input", "convolution", "dense", "recurrent", "norm", "activation", "pooling", "join", "other"]
_FOLLOWS: tuple[Role, ...] = ("norm", "activation", "other")  # what may be told in one line with the layer before it
_MOST_DETAILS = 2


@dataclass(frozen=True, slots=True)
class Holder:
    """A module with children of its own, by its path and its class."""

    name: str
    kind: str
    is_chain: bool = False  # whether its children simply run one after another


@dataclass(frozen=True, slots=True)
class Block:
    """A layer, a function that matters, or several of them told as one."""

    name: str  # dotted path in the network
    kind: str  # the class, or the function's name
    role: Role
    shape: tuple[int, ...]  # of the output, without the batch
    parameters: int
    multiply_adds: int  # for one example
    depth: int  # layers with weights on the longest way through
    detail: str = ""  # such as a convolution's "3×3"
    then: tuple[str, ...] = ()  # the norms and activations that follow and are counted here
    holders: tuple[Holder, ...] = ()  # the modules of own classes around it, outermost first


@dataclass(frozen=True, slots=True)
class Edge:
    """The output of one block is an input of another."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A network's blocks in the order of their execution and the data's ways between them."""

    kind: str  # the network's class
    blocks: tuple[Block, ...]
    edges: tuple[Edge, ...]
    parameters: int  # of the whole network, also of what this pass did not use

    @property
    def multiply_adds(self) -> int:
        """The multiply-adds of one example's way forward."""
        return sum(block.multiply_adds for block in self.blocks)

    @property
    def depth(self) -> int:
        """How many layers with weights the longest way from input to output has."""
        return _longest(self.blocks, self.edges)

    def sources(self, name: str) -> tuple[str, ...]:
        """Name the blocks whose outputs a block takes."""
        return tuple(edge.source for edge in self.edges if edge.target == name)

    def targets(self, name: str) -> tuple[str, ...]:
        """Name the blocks that take a block's output."""
        return tuple(edge.target for edge in self.edges if edge.source == name)


def layers(anatomy: Anatomy) -> Anatomy:
    """Tell norms and activations with the layer that they follow, and a block's own parts as one each."""
    return _gathered(_folded(anatomy), 1)


def blocks(anatomy: Anatomy) -> Anatomy:
    """Tell each module of an own class as one block; what stands between them stays a layer."""
    return _gathered(_folded(anatomy), 0)


def _folded(anatomy: Anatomy) -> Anatomy:
    owner: dict[str, str] = {}
    known = {block.name: block for block in anatomy.blocks}
    for block in anatomy.blocks:
        head = _followed(anatomy, known, block)
        owner[block.name] = owner[head.name] if head else block.name
    groups = _grouped(anatomy.blocks, owner)
    return _quotient(anatomy, owner, [_with_followers(members) for members in groups.values()])


def _followed(anatomy: Anatomy, known: Mapping[str, Block], block: Block) -> Block | None:
    """Return the block of the same module that a norm or an activation alone follows."""
    sources = anatomy.sources(block.name)
    if block.role not in _FOLLOWS or len(sources) != 1 or len(anatomy.targets(sources[0])) != 1:
        return None
    source = known[sources[0]]
    is_near = source.holders == block.holders and source.role != "input"
    return source if is_near else None


def _with_followers(members: Sequence[Block]) -> Block:
    first, *rest = members
    then = tuple(block.kind for block in rest)
    return replace(_summed(members, first), then=then, role=first.role)


def _gathered(anatomy: Anatomy, level: int) -> Anatomy:
    """Make one block of all that share their holder of a level, 0 the outermost."""
    owner = {block.name: _owner(block, level) for block in anatomy.blocks}
    groups = _grouped(anatomy.blocks, owner)
    return _quotient(anatomy, owner, [_gather(members, level) for members in groups.values()])


def _cut(block: Block, level: int) -> int:
    """Say which holder a block is told with, if it has that many; a chain is not opened."""
    chains = (at for at, holder in enumerate(block.holders[:level]) if holder.is_chain)
    return next(chains, min(level, len(block.holders)))


def _owner(block: Block, level: int) -> str:
    at = _cut(block, level)
    return block.holders[at].name if at < len(block.holders) else block.name


def _gather(members: Sequence[Block], level: int) -> Block:
    first = members[0]
    at = _cut(first, level)
    if len(first.holders) <= at:
        return first
    holder, details = first.holders[at], [block.detail for block in members if block.detail]
    detail = ", ".join(details) if len(details) <= _MOST_DETAILS else ""
    whole = replace(_summed(members, first), name=holder.name, kind=holder.kind, then=(), detail=detail)
    return replace(whole, holders=first.holders[:at])


def _summed(members: Sequence[Block], first: Block) -> Block:
    """Add up what blocks cost; the shape is the last one's, the role that of the one with most parameters."""
    heaviest = max(members, key=lambda block: block.parameters)
    return replace(
        first,
        role=heaviest.role,
        shape=members[-1].shape,
        parameters=sum(block.parameters for block in members),
        multiply_adds=sum(block.multiply_adds for block in members),
    )


def _grouped(members: Iterable[Block], owner: Mapping[str, str]) -> dict[str, list[Block]]:
    groups: dict[str, list[Block]] = {}
    for block in members:
        groups.setdefault(owner[block.name], []).append(block)
    return groups


def _quotient(anatomy: Anatomy, owner: Mapping[str, str], merged: Sequence[Block]) -> Anatomy:
    """Keep the ways between groups, each once; a group is as deep as the longest way inside it."""
    pairs = [(owner[edge.source], owner[edge.target]) for edge in anatomy.edges]
    edges = tuple(Edge(*pair) for pair in dict.fromkeys(pairs) if pair[0] != pair[1])
    groups = _grouped(anatomy.blocks, owner)
    depths = [_longest(members, anatomy.edges) for members in groups.values()]
    deep = tuple(replace(block, depth=depth) for block, depth in zip(merged, depths, strict=True))
    return replace(anatomy, blocks=deep, edges=edges)


def _longest(members: Sequence[Block], edges: Iterable[Edge]) -> int:
    """Return the largest sum of depths along the edges between blocks that stand in the order of execution."""
    sources: dict[str, list[str]] = {}
    for edge in edges:
        sources.setdefault(edge.target, []).append(edge.source)
    reach: dict[str, int] = {}
    for block in members:
        before = (reach.get(source, 0) for source in sources.get(block.name, ()))
        reach[block.name] = max(before, default=0) + block.depth
    return max(reach.values(), default=0)
