package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * The kernel's filter of a socket dump, for some local ports: the attribute INET_DIAG_REQ_BYTECODE of linux/inet_diag.h. A socket is shown
 * if the program ends exactly behind its last operation. For each port one S_EQ (two operations long, the second holding the port), which
 * goes on to a jump to the end, or to the next port's.
 */
final class DiagFilter {
    private static final int REQ_BYTECODE = 1;
    private static final int ATTRIBUTE = 4;
    private static final int OPERATION = 4;
    private static final int EQUALS = 2 * OPERATION;
    private static final int CHOICE = EQUALS + OPERATION;
    private static final byte JUMP = 1;
    private static final byte S_EQ = 11;

    private DiagFilter() {}

    /** Bytes. */
    static int length(Set<Integer> ports) {
        return ATTRIBUTE + code(ports);
    }

    /** The last choice needs no jump. */
    private static int code(Set<Integer> ports) {
        return CHOICE * ports.size() - OPERATION;
    }

    static void write(MemorySegment into, Set<Integer> ports) {
        into.set(JAVA_SHORT_UNALIGNED, 0, (short) length(ports));
        into.set(JAVA_SHORT_UNALIGNED, 2, (short) REQ_BYTECODE);
        int left = code(ports);
        int at = ATTRIBUTE;
        for (int port : ports) {
            boolean isLast = left == EQUALS;
            // past the end: not shown
            operation(into, at, S_EQ, EQUALS, isLast ? EQUALS + OPERATION : CHOICE);
            into.set(JAVA_SHORT_UNALIGNED, at + OPERATION + 2L, (short) port);
            if (!isLast) operation(into, at + EQUALS, JUMP, OPERATION, left - EQUALS);
            left -= CHOICE;
            at += CHOICE;
        }
    }

    /** struct inet_diag_bc_op: bytes to go on if so, and if not. A jump always takes the second. */
    private static void operation(MemorySegment into, long at, byte code, int yes, int no) {
        into.set(JAVA_BYTE, at, code);
        into.set(JAVA_BYTE, at + 1, (byte) yes);
        into.set(JAVA_SHORT_UNALIGNED, at + 2, (short) no);
    }
}
