package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import nary.posix.Sockets.Instruction;

/** Classic BPF as the kernel takes it: linux/filter.h. */
final class Bpf {
    private Bpf() {}

    static Instruction loadWord(int offset) {
        return new Instruction(0x20, 0, 0, offset);
    }

    static Instruction ifEqual(int value, int jumpTrue, int jumpFalse) {
        return new Instruction(0x15, jumpTrue, jumpFalse, value);
    }

    static Instruction ifAtLeast(int value, int jumpTrue, int jumpFalse) {
        return new Instruction(0x35, jumpTrue, jumpFalse, value);
    }

    static Instruction ret(int value) {
        return new Instruction(0x06, 0, 0, value);
    }

    /** struct sock_fprog: len 0, filter 8; struct sock_filter: code 0, jt 2, jf 3, k 4. */
    static MemorySegment program(Arena arena, List<Instruction> instructions) {
        MemorySegment filter = arena.allocate(Math.max(1, instructions.size()) * 8L, 8);
        for (int i = 0; i < instructions.size(); i++) {
            Instruction instruction = instructions.get(i);
            filter.set(JAVA_SHORT, i * 8L, (short) instruction.code());
            filter.set(JAVA_BYTE, i * 8L + 2, (byte) instruction.jt());
            filter.set(JAVA_BYTE, i * 8L + 3, (byte) instruction.jf());
            filter.set(JAVA_INT, i * 8L + 4, instruction.k());
        }
        MemorySegment program = arena.allocate(16, 8);
        program.set(JAVA_SHORT, 0, (short) instructions.size());
        program.set(JAVA_LONG, 8, filter.address());
        return program;
    }
}
