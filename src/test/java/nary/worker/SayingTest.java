package nary.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import nary.worker.Saying.Alive;
import nary.worker.Saying.Hung;
import nary.worker.Saying.MoreTime;
import nary.worker.Saying.Ready;
import nary.worker.Saying.Status;
import nary.worker.Saying.Stopping;
import org.junit.jupiter.api.Test;

class SayingTest {

    @Test
    void aDatagramSaysItsLinesInOrder() {
        assertThat(Saying.in("STATUS=warm\nREADY=1\nWATCHDOG=1\nSTOPPING=1\nWATCHDOG=trigger\nEXTEND_TIMEOUT_USEC=1500000"))
                .containsExactly(new Status("warm"), new Ready(), new Alive(), new Stopping(), new Hung(), new MoreTime(Duration.ofMillis(1500)));
    }

    @Test
    void whatIsForSystemdOrForNobodySaysNothing() {
        String lines = "MAINPID=1\nRELOADING=1\nFDSTORE=1\nFDNAME=x\nBARRIER=1\nERRNO=2\nWATCHDOG_USEC=1\nMONOTONIC_USEC=2\nNOTIFYACCESS=all";
        String malformed = "READY\nREADY=\nREADY=0\nREADY=11\n=1\nSTOPPING=yes\nWATCHDOG=0\nready=1\n\0\n\n";
        String times = "EXTEND_TIMEOUT_USEC=0\nEXTEND_TIMEOUT_USEC=-1\nEXTEND_TIMEOUT_USEC=1e6\nEXTEND_TIMEOUT_USEC=9999999999999999999\nEXTEND_TIMEOUT_USEC=";
        assertThat(Saying.in(lines)).isEmpty();
        assertThat(Saying.in(malformed)).isEmpty();
        assertThat(Saying.in(times)).isEmpty();
    }

    @Test
    void anExtensionIsAnHourAtMost() {
        assertThat(Saying.in("EXTEND_TIMEOUT_USEC=999999999999999999")).containsExactly(new MoreTime(Duration.ofHours(1)));
    }

    @Test
    void aStatusIsOneLineThatNoTerminalObeys() {
        assertThat(Saying.in("STATUS= a\tb\u001b[31m \u009b31m \u202e \ufffe\ud800 z ")).containsExactly(new Status("a b [31m  31m" + " ".repeat(6) + "z"));
    }

    @Test
    void aStatusIsCutBetweenCharacters() {
        String longer = "😀".repeat(300);
        assertThat(Saying.in("STATUS=" + longer)).containsExactly(new Status("😀".repeat(200)));
    }

    @Test
    void whoShoutsIsHeardOnceForEachKind() {
        List<Saying> shouted = List.of(new Ready(), new Status("a"), new MoreTime(Duration.ofSeconds(9)), new Stopping(), new Ready(), new Status("b"), new MoreTime(Duration.ofSeconds(1)));
        assertThat(Saying.once(shouted)).containsExactly(new Ready(), new Status("b"), new MoreTime(Duration.ofSeconds(9)), new Stopping());
    }
}
