"""Time that data take to reach a core: bytes beyond its first cache, at the bandwidth of the place where they are."""


def place(footprint, cluster, threads):
    """The nearest of "l1", "l2", "l3", "memory" that holds `footprint` bytes. Threads that share an L2 share the footprint too.

    >>> board = {"l1d_kib": 64, "l2_kib": 512, "l2_shared": False, "l3_kib": 2048}
    >>> place(60_000, board, 1), place(1_000_000, board, 1), place(1_000_000, board, 2), place(4_000_000, board, 4)
    ('l1', 'l3', 'l2', 'memory')
    """
    own = footprint / threads
    if own <= cluster["l1d_kib"] * 1024:
        return "l1"
    if (footprint if cluster["l2_shared"] else own) <= cluster["l2_kib"] * 1024:
        return "l2"
    return "l3" if cluster["l3_kib"] and footprint <= cluster["l3_kib"] * 1024 else "memory"


def nanoseconds(size, where, cluster, core, board, threads):
    """For a core that needs `size` bytes while `threads` cores need as many each."""
    if where == "memory":
        return size / min(cluster["core_gb_per_s"], board["memory_gb_per_s"] / threads)
    return 0 if where == "l1" else size / core[f"{where}_bytes_per_cycle"] / cluster["mhz"] * 1000


def of_operator(maps, weights, all_weights, divides_weights, cluster, core, board, threads):
    """(for maps, for weights) nanoseconds of one of `threads` cores.

    An operator's maps are where the previous operator left them: in the nearest place that holds its input and output, and each core
    needs its share. Weights are read once an inference, so they are where all the network's weights fit. Each core reads all of the
    operator's, the same ones at about the same time; where there is but one position, channels are divided, and so are weights.
    """
    of_maps = nanoseconds(maps / threads, place(maps, cluster, threads), cluster, core, board, threads)
    where = place(all_weights, {**cluster, "l2_shared": True, "l1d_kib": 0}, threads)
    mine, streams = (weights / threads, threads) if divides_weights else (weights, 1)
    return of_maps, nanoseconds(mine, where, cluster, core, board, streams)


def together(busy, maps, weights, core):
    """Weights are one long stream, which cores that run out of order fetch ahead of what they compute: the longer of the two counts.
    In-order cores are taken to wait for all.

    A Zen 4 is nearer to this than to a sum: added, the two layers with most weights come out 127 % too slow, by the longer 49 %, all
    convolutions being 23 % too slow. Maps that are not added make element-wise operators 14 % too fast, added 1 % too slow.
    """
    return busy + maps + weights if core["in_order"] else max(busy + maps, weights)
