package nary.posix.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import nary.posix.Sockets.Instruction;

/** The listening sockets of one address; with SO_REUSEPORT there may be several. Linux: net/core/sock_reuseport.c. */
final class Group {
    final List<SimSocket> members = new ArrayList<>();
    List<Instruction> program = List.of();

    /** The last member moves into the place of the one that leaves. */
    void remove(SimSocket member) {
        int index = members.indexOf(member);
        SimSocket last = members.removeLast();
        if (index < members.size()) members.set(index, last);
    }

    SimSocket choose(int sourcePort, Random random) {
        long index = program.isEmpty() ? -1 : run(sourcePort, random);
        return index >= 0 && index < members.size() ? members.get((int) index) : members.get(random.nextInt(members.size()));
    }

    /** The instructions that nary's programs use; packets are IPv4 without options. */
    private long run(int sourcePort, Random random) {
        long a = 0;
        for (int at = 0; ; at++) {
            Instruction i = program.get(at);
            long k = Integer.toUnsignedLong(i.k());
            switch (i.code()) {
                case 0x00 -> a = k;
                case 0x20 -> a = i.k() == 0xfffff000 + 56 ? Integer.toUnsignedLong(random.nextInt()) : unknown(i);
                case 0x28 -> a = i.k() == -0x100000 + 20 ? sourcePort : unknown(i);
                case 0x30 -> a = i.k() == -0x100000 ? 0x45 : unknown(i);
                case 0x54 -> a &= k;
                case 0x94 -> a %= k;
                case 0x05 -> at += (int) k;
                case 0x15 -> at += a == k ? i.jt() : i.jf();
                case 0x25 -> at += a > k ? i.jt() : i.jf();
                case 0x35 -> at += a >= k ? i.jt() : i.jf();
                case 0x06 -> {
                    return k;
                }
                case 0x16 -> {
                    return a;
                }
                default -> unknown(i);
            }
        }
    }

    private static long unknown(Instruction instruction) {
        throw new UnsupportedOperationException("the simulated kernel does not know " + instruction);
    }
}
