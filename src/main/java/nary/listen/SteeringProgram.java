package nary.listen;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import nary.posix.Sockets.Instruction;

/**
 * The classic BPF program that picks the member of a listener group for a new connection: probes by their source port, all others evenly at
 * random. Opcodes: linux/bpf_common.h, linux/filter.h; ancillary data: SKF_AD_RANDOM, SKF_NET_OFF.
 */
final class SteeringProgram {
    private static final int LOAD_WORD = 0x20;
    private static final int LOAD_HALF = 0x28;
    private static final int MODULO = 0x94;
    private static final int JUMP_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int RANDOM = 0xfffff000 + 56;
    private static final int NETWORK_HEADER = -0x100000;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    private SteeringProgram() {}

    /**
     * @param members indexes that share the new connections, at least one
     * @param probes source port to the index that its connection goes to
     */
    static List<Instruction> of(SortedSet<Integer> members, SortedMap<Integer, Integer> probes, boolean v6) {
        List<Instruction> program = new ArrayList<>();
        if (!probes.isEmpty()) {
            addProbes(program, probes, IPV4_HEADER);
            if (v6) addProbes(program, probes, IPV6_HEADER);
        }
        addChoice(program, List.copyOf(members));
        return program;
    }

    private static void addProbes(List<Instruction> program, SortedMap<Integer, Integer> probes, int header) {
        program.add(new Instruction(LOAD_HALF, 0, 0, NETWORK_HEADER + header));
        probes.forEach((port, index) -> addCase(program, port, index));
    }

    private static void addChoice(List<Instruction> program, List<Integer> members) {
        if (members.size() > 1) {
            program.add(new Instruction(LOAD_WORD, 0, 0, RANDOM));
            program.add(new Instruction(MODULO, 0, 0, members.size()));
            for (int i = 0; i < members.size() - 1; i++) addCase(program, i, members.get(i));
        }
        program.add(new Instruction(RETURN, 0, 0, members.getLast()));
    }

    private static void addCase(List<Instruction> program, int value, int index) {
        program.add(new Instruction(JUMP_EQUAL, 0, 1, value));
        program.add(new Instruction(RETURN, 0, 0, index));
    }
}
