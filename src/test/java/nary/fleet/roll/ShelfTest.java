package nary.fleet.roll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import nary.control.Refusal;
import nary.fleet.plan.Verdict;
import nary.fleet.spec.Share;
import nary.fleet.ssh.RemoteException;
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

    @Test
    void withAServerThatIsDeadTheOthersAreKnownAndGoBack() throws Exception {
        var three = new Yard(root.resolve("three"), 3);
        for (String each : List.of("1", "2")) {
            three.pack(each);
            three.deploy(Yard.wish("r" + each));
        }
        three.cut.put("web2", RemoteException.Kind.UNREACHABLE);
        Shelf shelf = Shelf.of(three.fleet().targets("QA"), three);
        assertThat(shelf.lost()).singleElement().asString().startsWith("web2: ");
        assertThat(shelf.lastGood()).contains("r1");
        assertThatThrownBy(() -> Shelf.prune(three.fleet(), "QA", 1, three)).hasMessageStartingWith("nothing is removed: web2: ");
        var back = new Wish("QA", Optional.empty(), shelf.lastGood(), Optional.empty(), Optional.empty(), Optional.of(Share.of(1)), false, false, true);
        assertThat(three.deploy(back).verdict()).contains(Verdict.DONE_IN_PART);
        assertThat(List.of(three.serving("web1"), three.serving("web3"))).containsExactly("r1", "r1");
        for (String server : List.of("web1", "web3")) three.cut.put(server, RemoteException.Kind.UNREACHABLE);
        assertThatThrownBy(() -> Shelf.of(three.fleet().targets("QA"), three)).hasMessageStartingWith("web1: ");
    }

    @Test
    void aServerThatIsThereAndDoesNotTellIsNotLeftOut() {
        yard.cut.put("web2", RemoteException.Kind.DENIED);
        assertThatThrownBy(() -> Shelf.of(yard.fleet().targets("QA"), yard)).hasMessageStartingWith("web2: ");
    }

    @Test
    void noServerGoesBackToWhatIsNotGoodThere() throws Exception {
        yard.cut.put("web2", RemoteException.Kind.UNREACHABLE);
        Optional<String> chosen = Shelf.of(yard.fleet().targets("QA"), yard).lastGood();
        yard.cut.clear(); // it is back, and had it undone
        Files.writeString(yard.site("web2").resolve(".fleet/releases"), chosen.orElseThrow() + "\tundone\t2026-01-01T00:00:00Z\tsomebody\n", StandardOpenOption.APPEND);
        var back = new Wish("QA", Optional.empty(), chosen, Optional.empty(), Optional.empty(), Optional.of(Share.of(1)), false, false, true);
        assertThat(yard.deploy(back).verdict()).contains(Verdict.DONE_IN_PART);
        assertThat(yard.picture()).containsExactly("web1: " + chosen.get() + ", serves " + chosen.get() + ", in", "web2: r4, serves r4, in");
        assertThat(yard.told).anyMatch(it -> it.contains("web2: release " + chosen.get() + " of web is not recorded as good there"));
    }
}
