package nary.fleet.roll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nary.control.Refusal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The releases on the servers, and which of them may go. */
class ShelfTest {
    @TempDir
    private Path root;

    private Yard yard;

    @BeforeEach
    void build() throws Exception {
        yard = new Yard(root, 2);
        for (int i = 1; i <= 4; i++) {
            yard.pack("" + i);
            yard.deploy(Yard.wish("r" + i));
        }
    }

    private List<List<String>> prune(int kept) throws Exception {
        return List.copyOf(Shelf.prune(yard.fleet(), "QA", kept, yard).values());
    }

    private List<String> releases(String server) throws Exception {
        try (var all = Files.list(yard.site(server).resolve("releases"))) {
            return all.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theNewestStay() throws Exception {
        assertThat(prune(3)).containsExactly(List.of("r1"), List.of("r1"));
        assertThat(releases("web1")).containsExactly("r2", "r3", "r4");
        assertThat(prune(3)).containsExactly(List.of(), List.of());
        assertThat(yard.picture()).isEqualTo(yard.all("r4"));
        assertThat(yard.site("web1").resolve(".fleet/lock")).doesNotExist();
    }

    @Test
    void neitherTheCurrentOneNorTheLastGoodOneGoes() throws Exception {
        yard.pack("5", "web2");
        yard.deploy(Yard.wish("r5")); // undone: the newest on web1, and not good
        assertThat(prune(1)).containsExactly(List.of("r2", "r1"), List.of("r2", "r1"));
        assertThat(releases("web2")).as("the newest, the current, and the good one before").containsExactly("r3", "r4", "r5");
        assertThat(Shelf.of(yard.fleet().targets("QA"), yard).lastGood()).contains("r3");
    }

    @Test
    void whileARunIsNotFinishedNothingGoes() throws Exception {
        yard.pack("5");
        yard.stepsToLive = 14;
        assertThatThrownBy(() -> yard.deploy(Yard.wish("r5"))).isInstanceOf(Yard.Killed.class);
        yard.stepsToLive = 0;
        assertThatThrownBy(() -> prune(1)).isInstanceOf(Refusal.class).hasMessageStartingWith("nothing is removed: the run ").hasMessageContaining("was not finished");
        assertThat(releases("web1")).contains("r1", "r2", "r3", "r4", "r5");
        yard.heal();
        prune(1);
        assertThat(yard.picture()).isEqualTo(yard.all("r4"));
    }
}
