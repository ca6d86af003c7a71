package nary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;

class InterruptsTest {
    /** Is interrupted while there is no action for it, and asks while it ends. */
    static final class LateAsker {
        public static void main(String[] words) throws IOException, InterruptedException {
            var isEnding = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                isEnding.countDown();
                sleep();
            }));
            Signal.raise(new Signal("INT"));
            isEnding.await();
            Interrupts.askRevocably(
                    () -> {
                        System.out.println("asked");
                        return 1;
                    },
                    _ -> {});
        }

        private static void sleep() {
            try {
                Thread.sleep(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void nothingIsAskedForAfterAnInterruptThatCameTooEarly() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), LateAsker.class.getName()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        assertThat(process.exitValue()).isEqualTo(130);
    }
}
