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
        return size / min(core["memory_gb_per_s"], board["memory_gb_per_s"] / threads)
    return 0 if where == "l1" else size / core[f"{where}_bytes_per_cycle"] / cluster["mhz"] * 1000


def of_operator(activations, weights, all_weights, cluster, core, board, threads):
    """Nanoseconds for one of `threads` cores.

    An operator's maps are where the previous operator left them: in the nearest place that holds its input and output, and each core needs its
    share. Weights are read once an inference, so they are where all the network's weights fit; each core reads all of the operator's.
    """
    maps = nanoseconds(activations / threads, place(activations, cluster, threads), cluster, core, board, threads)
    where = place(all_weights, {**cluster, "l2_shared": True, "l1d_kib": 0}, threads)
    return maps + nanoseconds(weights, where, cluster, core, board, threads)
