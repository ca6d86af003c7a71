package nary.fleet.roll;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import nary.control.Refusal;
import nary.fleet.Crowd;
import nary.fleet.Host;
import nary.fleet.spec.Fleet;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Remote;
import nary.fleet.ssh.RemoteException;
import nary.fleet.ssh.Remotes;

/** The releases that servers have, and what is recorded of them there. */
public final class Shelf {
    private static final String GOOD = "good";

    private final List<Holding> holdings;
    private final List<String> lost;

    private Shelf(List<Holding> holdings, List<String> lost) {
        this.holdings = holdings;
        this.lost = lost;
    }

    /** What became of a release on a server. @param word {@code good} or {@code undone}; @param at in UTC */
    public record Note(String release, String word, String at, String by) {}

    /**
     * The releases of one build on one server.
     *
     * @param here those that are there as a whole
     * @param notes the oldest first
     */
    public record Holding(Host host, Target target, Optional<String> current, List<String> here, List<Note> notes) {
        /** The last that is said of each. */
        Map<String, Note> last() {
            Map<String, Note> last = new LinkedHashMap<>();
            for (Note note : notes) {
                last.remove(note.release()); // the order is that of the last notes
                last.put(note.release(), note);
            }
            return last;
        }

        boolean isGood(String release) {
            return here.contains(release) && last().containsKey(release) && last().get(release).word().equals(GOOD);
        }
    }

    public List<Holding> holdings() {
        return holdings;
    }

    /** Why servers could not be asked, a line each that begins with its name: what is said of all is said without them. */
    public List<String> lost() {
        return lost;
    }

    private sealed interface Asked {
        record Told(Holding holding) implements Asked {}

        record Lost(RemoteException why) implements Asked {}
    }

    /** Asks many servers at a time. @throws IOException if none of them can be asked */
    public static Shelf of(List<Target> targets, Remotes remotes) throws IOException, InterruptedException {
        List<Callable<Asked>> questions = new ArrayList<>();
        for (Target target : targets) for (Host host : target.servers()) questions.add(() -> asked(host, target, remotes));
        List<Holding> holdings = new ArrayList<>();
        List<RemoteException> lost = new ArrayList<>();
        for (Asked asked : Crowd.ask(questions)) {
            switch (asked) {
                case Asked.Told(Holding holding) -> holdings.add(holding);
                case Asked.Lost(RemoteException why) -> lost.add(why);
            }
        }
        if (holdings.isEmpty() && !lost.isEmpty()) throw lost.getFirst();
        return new Shelf(holdings, lost.stream().map(it -> String.valueOf(it.getMessage())).distinct().toList());
    }

    private static Asked asked(Host host, Target target, Remotes remotes) throws IOException, InterruptedException {
        try {
            return new Asked.Told(ask(remotes.to(host), target));
        } catch (RemoteException e) {
            if (!isDead(e)) throw e;
            return new Asked.Lost(e);
        }
    }

    /** Whoever answers, and be it that we may not log in, is not left out: what is good there is not known. */
    private static boolean isDead(RemoteException e) {
        return switch (e.kind()) {
            case REFUSED, UNREACHABLE, NO_ANSWER, LOST, TIMED_OUT, NO_SUCH_HOST -> true;
            case HOST_KEY_CHANGED, HOST_KEY_UNKNOWN, DENIED, DISK_FULL, CORRUPT, FAILED, LOCAL -> false;
        };
    }

    /** @throws IOException if it cannot be asked */
    static Holding ask(Remote remote, Target target) throws IOException, InterruptedException {
        Host host = remote.host();
        String said = remote.expect(Script.RELEASES.with(target.directory()));
        Optional<String> current = Optional.empty();
        List<String> here = new ArrayList<>();
        List<Note> notes = new ArrayList<>();
        for (String line : said.lines().toList()) {
            String[] part = line.split("\t", -1);
            switch (part[0]) {
                case "current" -> current = Optional.of(part[1]);
                case "here" -> here.add(part[1]);
                case "record" -> {
                    // a line that a full disk has cut short says nothing
                    if (part.length == 5) notes.add(new Note(part[1], part[2], part[3], part[4]));
                }
                default -> throw new IOException(host.name() + ": '" + line + "' is nothing that a record of releases says");
            }
        }
        return new Holding(host, target, current, here, notes);
    }

    /** The newest that is recorded as good everywhere, and current nowhere. */
    public Optional<String> lastGood() {
        if (holdings.isEmpty()) return Optional.empty();
        Set<String> current = new HashSet<>();
        holdings.forEach(it -> it.current().ifPresent(current::add));
        List<String> newestFirst = new ArrayList<>(holdings.getFirst().last().keySet()).reversed();
        return newestFirst.stream().filter(it -> !current.contains(it) && isGood(it)).findFirst();
    }

    private boolean isGood(String release) {
        return holdings.stream().allMatch(it -> it.isGood(release));
    }

    /** @throws Refusal if it is not recorded as good on every server */
    public void mustBeGood(String release) throws Refusal {
        List<String> not = holdings.stream().filter(it -> !it.isGood(release)).map(it -> it.host().name()).distinct().toList();
        if (not.isEmpty()) return;
        List<String> good = holdings.isEmpty() ? List.of() : holdings.getFirst().last().keySet().stream().filter(this::isGood).toList();
        throw new Refusal(release + " is not recorded as good on " + String.join(", ", not) + "; good everywhere: " + (good.isEmpty() ? "none" : String.join(", ", good)));
    }

    /**
     * Which releases may go: all but the current one, the newest good one beside it, and so many of the newest.
     *
     * @param kept at least 1
     * @return by build and server, in the file's order
     * @throws IOException if one of them could not be asked: what is good on all is not known then
     */
    public Map<Holding, List<String>> surplus(int kept) throws IOException {
        if (!lost.isEmpty()) throw new IOException("nothing is removed: " + lost.getFirst());
        Map<Holding, List<String>> surplus = new LinkedHashMap<>();
        Optional<String> good = lastGood();
        for (Holding holding : holdings) {
            List<String> order = new ArrayList<>(holding.last().keySet());
            List<String> newestFirst = holding.here().stream().sorted(Comparator.comparing((String it) -> order.indexOf(it)).thenComparing(it -> it).reversed()).toList();
            List<String> going = new ArrayList<>(newestFirst.subList(Math.min(kept, newestFirst.size()), newestFirst.size()));
            holding.current().ifPresent(going::remove);
            good.ifPresent(going::remove);
            surplus.put(holding, going);
        }
        return surplus;
    }

    /**
     * Removes what is {@link #surplus} from the servers of an environment.
     *
     * @return what was removed
     * @throws Refusal while a run is under way or not finished: it needs releases that are neither current nor good; nothing was removed
     * @throws IOException also if one of them cannot be asked, as {@link #surplus}
     */
    public static Map<Holding, List<String>> prune(Fleet fleet, String environment, int kept, Remotes remotes) throws Refusal, IOException, InterruptedException {
        Optional<String> unfinished = Deployment.unfinished(fleet, environment);
        if (unfinished.isPresent()) throw new Refusal("nothing is removed: " + unfinished.get());
        List<Target> targets = fleet.targets(environment);
        try (Locks locks = Locks.of("prune", fleet, environment, _ -> {})) {
            locks.take(Site.all(targets, remotes, (_, _) -> {}));
            Map<Holding, List<String>> surplus = of(targets, remotes).surplus(kept);
            Crowd.ask(surplus.entrySet().stream().<Callable<Boolean>>map(each -> () -> remove(each.getKey(), each.getValue(), remotes)).toList());
            return surplus;
        }
    }

    /** @return whether there was anything to remove */
    private static boolean remove(Holding holding, List<String> releases, Remotes remotes) throws IOException, InterruptedException {
        if (releases.isEmpty()) return false;
        List<String> arguments = new ArrayList<>(List.of(holding.target().directory()));
        arguments.addAll(releases);
        remotes.to(holding.host()).expect(Script.PRUNE.with(arguments));
        return true;
    }
}
