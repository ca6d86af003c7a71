package nary.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void fieldsOfProcAreRead() {
        assertThat(Figures.field("VmPeak:\t  100 kB\nVmHWM:\t   5124 kB\n", "VmHWM")).isEqualTo(5124);
        assertThat(Figures.field("voluntary_ctxt_switches:\t42\nnonvoluntary_ctxt_switches:\t7\n", "voluntary_ctxt_switches")).isEqualTo(42);
        assertThat(Figures.field("a: 1\n", "b")).isZero();
        assertThat(Figures.cpuNanos("123456789 5 6\n")).isEqualTo(123456789);
    }

    @Test
    void thisProcessHasUsedSomething() throws Exception {
        Figures mine = Figures.of(List.of(ProcessHandle.current().pid()));
        assertThat(mine.rss()).isGreaterThan(1 << 20);
        assertThat(mine.pss()).isLessThanOrEqualTo(mine.rss() + (1 << 20));
        assertThat(mine.peak()).isPositive();
    }
}
