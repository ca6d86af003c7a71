package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import nary.it.StatusView.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("it")
class ManyWorkersTest {
    private static final int MANY = 200;

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("200 workers start, are replaced by 200 others under load without a loss, and stop")
    void twoHundred() throws Exception {
        site.start(Server.GO, MANY, "--settle", "0.1");
        try (Faults faults = Faults.watch(site)) {
            Row victim = site.status().workers().get(MANY / 2);
            Ran deploy = site.deploy("--env", "VERSION=v001");
            assertThat(deploy.exit()).as("%s", deploy).isZero();
            StatusView status = site.status();
            assertThat(status.serving()).extracting(Row::slot).containsExactlyElementsOf(IntStream.range(0, MANY).boxed().toList());
            assertThat(status.pids()).hasSize(MANY).doesNotContain(victim.pid());
            faults.assertUnnoticed("v000", "v001");
            faults.assertNothingLeft();
            System.out.println("200 workers: " + deploy.out().lines().reduce((_, last) -> last).orElse(""));
        }
        assertThat(site.nary("stop").exit()).isZero();
        site.assertNothingLives();
    }
}
