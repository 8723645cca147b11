"""Builds driver.c with the kernels, as the board's program has them, and reads its machine code back."""

import glob
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OBJDUMP = "/usr/lib/llvm-19/bin/llvm-objdump"
# As in Scripts/build-board.sh and the toolsets: Debian's architecture and triplet, musl's triplet, clang's options.
BOARDS = {
    "aarch64": ("arm64", "aarch64-linux-gnu", "aarch64-linux-musl", ["--target=aarch64-linux-musl"]),
    "armv7": (
        "armhf", "arm-linux-gnueabihf", "arm-linux-musleabihf",
        ["--target=armv7-linux-musleabihf", "-mfloat-abi=hard", "-mfpu=neon"]),
}


def build(architecture, folder):
    """Path of the driver for `x86_64` (this machine), `aarch64` or `armv7` (the sysroots that Scripts/dependencies.sh unpacks); built when
    sources changed."""
    kernels = [path for path in sorted(ROOT.glob("Sources/CKernels/**/*.c")) if path.parent.name != "selftest" and path.name != "peak.c"]
    sources = [Path(__file__).with_name("driver.c"), *kernels]
    program = folder / f"driver-{architecture}"
    inputs = sources + list(ROOT.glob("Sources/CKernels/**/*.h")) + [ROOT / "Sources/CKernels/registry/kernels.def"]
    if program.exists() and program.stat().st_mtime > max(path.stat().st_mtime for path in inputs):
        return program
    command = ["clang", "-O2", "-std=c17", "-static", "-fuse-ld=lld", "-ffunction-sections", "-Wl,--gc-sections"]
    command += ["-I", ROOT / "Sources/CKernels/include"]
    after = ["-lm"]
    if architecture in BOARDS:
        debian, gnu, musl, options = BOARDS[architecture]
        root = ROOT / f"build/sysroot/{debian}/usr"
        libraries = root / "lib" / musl
        command += [*options, "-nostdlib", "-nostdlibinc"]
        for include in (f"include/{musl}", f"include/{gnu}", "include"):
            command += ["-isystem", root / include]
        command += [libraries / "crt1.o", libraries / "crti.o", f"-L{libraries}"]
        after = [*glob.glob(f"{root}/lib/gcc/{gnu}/*/libgcc.a"), "-lc", libraries / "crtn.o"]
    subprocess.run([*command, *sources, *after, "-o", program], check=True)
    return program


LINE = re.compile(r"^\s*([0-9a-f]+):\s+(.*)$")


def instructions(program, architecture):
    """{address: assembly that an assembler takes} of the program's code."""
    # ARMv7: the program's attributes do not tell of NEON; the symbols tell Thumb code (libraries') from ARM code (the kernels').
    options = ["--mattr=+neon", "--show-all-symbols"] if architecture == "armv7" else []
    text = subprocess.run([OBJDUMP, "-d", "--no-show-raw-insn", *options, program], check=True, capture_output=True, text=True).stdout
    return listed(text.splitlines())


def listed(lines):
    """The same of a listing. Where symbols $t and $a begin Thumb and ARM code, each instruction says which it is.

    >>> listed(["00020ff0 <$t>:", "   20ff0:      \\tcbz\\tr0, 0x21000 <f>", "00021050 <$a>:", "   21050:      \\tnop"])
    {135152: '.thumb\\ncbz\\tr0, target', 135248: '.arm\\nnop'}
    """
    code, mode = {}, ""
    for line in lines:
        if match := LINE.match(line):
            code[int(match[1], 16)] = mode + assembly(match[2])
        elif line.endswith(("<$a>:", "<$t>:")):
            mode = ".thumb\n" if line.endswith("<$t>:") else ".arm\n"
    return code


def assembly(text):
    """An instruction as an assembler takes it; branches go to one label, which mca does not follow anyway.

    >>> assembly("b.ne\\t0x210e84 <sk_conv+0x40>")
    'b.ne\\ttarget'
    >>> assembly("tbnz\\tw8, #0x3, 0x2135e0 <f>")
    'tbnz\\tw8, #0x3, target'
    >>> assembly("movl\\t0x1234(%rip), %eax  # 0x2b71b0 <table>")
    'movl\\t0x1234(%rip), %eax'
    >>> assembly("bge\\t0x238dc <run+0x69c>     @ imm = #0x510")
    'bge\\ttarget'
    """
    text = re.sub(r"\s+(#|//|@)\s.*$", "", text)
    text = re.sub(r"(0x)?[0-9a-f]+ <[^>]*>", "target", text)
    return text.strip()
