package nary.fleet.roll;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import nary.control.Fields;
import nary.control.Json;
import nary.control.Refusal;
import nary.control.WireException;
import nary.fleet.Crowd;
import nary.fleet.spec.Fleet;
import nary.fleet.ssh.Answer;
import nary.fleet.ssh.RemoteException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two operators apart: a lock of the kernel here, and a folder with the holder's name on each server, in the directory that the run
 * changes. It is kept alive by touching it, so that one whose holder is dead can be told by the server's own clock; where the holder was a
 * process of this machine, at once.
 */
final class Locks implements AutoCloseable {
    private static final Duration BEAT = Duration.ofSeconds(20);
    private static final Duration STALE = Duration.ofSeconds(60);
    /** Beats of so many servers are spread over the time between two. */
    private static final int SPREAD = 50;

    private static final int HELD = 75;
    private static final String FILE = "lock";
    private static final String NOBODY = "";

    private final String token;
    private final Operator operator;
    private final FileChannel local;
    private final String folder;
    private final List<Site> held = new ArrayList<>();
    private final Map<String, String> unlocked = new LinkedHashMap<>();
    private final List<String> broken = new ArrayList<>();
    private final Consumer<String> lost;
    private final List<Thread> hearts = new ArrayList<>();

    private Locks(String token, Operator operator, Path folder, FileChannel local, Consumer<String> lost) {
        this.token = token;
        this.operator = operator;
        this.folder = folder.toString();
        this.local = local;
        this.lost = lost;
    }

    /**
     * @param runs of the environment
     * @param token of the run: one that goes on with it has the lock already
     * @param lost hears why, if somebody else takes a lock over
     * @throws Refusal if somebody holds it here
     */
    static Locks here(Runs runs, String token, Operator operator, Consumer<String> lost) throws IOException, Refusal {
        Files.createDirectories(runs.folder());
        Path file = runs.folder().resolve(FILE);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new Refusal("another nary fleet of this folder is at work: " + describe(Files.readString(file).strip()));
        }
        Locks locks = new Locks(token, operator, runs.home(), channel, lost);
        channel.truncate(0);
        channel.write(java.nio.charset.StandardCharsets.UTF_8.encode(locks.holder() + "\n"));
        return locks;
    }

    /** Of what is no run. @param what for the holder's name; @param lost hears why, if somebody else takes a lock over */
    static Locks of(String what, Fleet fleet, String environment, Consumer<String> lost) throws IOException, Refusal {
        return here(new Runs(fleet.file(), environment), what + "-" + Runs.name(Instant.now()), Operator.current(), lost);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private String holder() {
        return Json.write(Fields.map(
                "by", operator.name(), "machine", operator.machine(), "pid", operator.pid(), "began", operator.began(), "folder", folder, "run", token, "since", Instant.now().toString()));
    }

    /**
     * Takes the lock of each site; of those that cannot be reached, none.
     *
     * @return why servers that were reached have none, e.g. a full disk; by name
     * @throws Refusal if somebody else holds one; then none is held
     */
    Map<String, String> take(List<Site> sites) throws Refusal, IOException, InterruptedException {
        List<Optional<String>> refusals = Crowd.ask(sites.stream().<Callable<Optional<String>>>map(site -> () -> take(site)).toList());
        Optional<String> refusal = refusals.stream().flatMap(Optional::stream).findFirst();
        if (refusal.isPresent()) {
            release();
            throw new Refusal(refusal.get());
        }
        synchronized (this) {
            return Map.copyOf(unlocked);
        }
    }

    /** Whose locks were found to be of the dead, a line each. */
    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    /**
     * Removes what a process of this folder has left locked that is dead: this one holds the folder's own lock.
     *
     * @return who else holds the lock of the site; empty if nobody does, or the server does not answer
     */
    Optional<String> clear(Site site) throws InterruptedException {
        try {
            String holder = site.remote().expect(Script.HOLDER.with(site.directory()));
            if (holder.isEmpty()) return Optional.empty();
            Optional<String> left = leftHere(holder);
            if (left.isEmpty()) return Optional.of(site.host().name() + " is locked: " + describe(holder));
            site.remote().expect(Script.UNLOCK.with(site.directory(), left.get()));
            return Optional.empty();
        } catch (RemoteException e) {
            return Optional.empty(); // it is dead: others say who has locked them
        }
    }

    /** The token of a dead process of this folder. */
    private Optional<String> leftHere(String holder) {
        try {
            Fields fields = Fields.parse(holder);
            boolean isOurs = fields.optionalText("folder").filter(folder::equals).isPresent();
            return isOurs && isDead(fields) ? Optional.of(fields.text("run")) : Optional.empty();
        } catch (WireException e) {
            return Optional.empty();
        }
    }

    /** @return who else holds it */
    private Optional<String> take(Site site) throws IOException, InterruptedException {
        synchronized (this) {
            held.add(site); // before it is: who is cancelled here may have got it
        }
        try {
            Answer answer = lock(site, NOBODY);
            if (answer.exit() == HELD) answer = breakIfDead(site, answer);
            if (answer.exit() == HELD) return Optional.of(site.host().name() + " is locked: " + describe(secondLine(answer)));
            if (answer.exit() == 0) keep(site, answer.out().strip());
            else leave(site, site.directory() + " cannot be locked" + Site.last(answer));
        } catch (RemoteException e) {
            forget(site);
            site.log().accept("not locked: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** With many servers the first lock is old before the last one is taken. @param dead who held it before, if anybody did */
    private synchronized void keep(Site site, String dead) {
        hearts.add(heart(site, BEAT.multipliedBy(hearts.size() % SPREAD).dividedBy(SPREAD)));
        if (!dead.isEmpty()) broken.add(site.host().name() + " was still locked by a run that has died: " + describe(dead));
    }

    private synchronized void leave(Site site, String why) {
        held.remove(site);
        unlocked.put(site.host().name(), site.host().name() + ": " + why);
    }

    private synchronized void forget(Site site) {
        held.remove(site);
    }

    private Answer lock(Site site, String steal) throws RemoteException, InterruptedException {
        return site.remote().ask(Script.LOCK.with(site.directory(), token, holder(), Long.toString(STALE.toSeconds()), steal));
    }

    private Answer breakIfDead(Site site, Answer answer) throws IOException, InterruptedException {
        try {
            boolean isDead = isDead(Fields.parse(secondLine(answer)));
            return isDead ? lock(site, answer.out().lines().findFirst().orElse(NOBODY)) : answer;
        } catch (WireException e) {
            return answer; // it does not say who it is: only time tells
        }
    }

    private boolean isDead(Fields holder) throws WireException {
        return operator.isDeadHere(holder.text("machine"), holder.number("pid"), holder.text("began"));
    }

    private static String secondLine(Answer answer) {
        return answer.out().lines().skip(1).findFirst().orElse("{}");
    }

    private static String describe(String holder) {
        try {
            Fields fields = Fields.parse(holder);
            String from = fields.optionalText("folder").map(it -> ", from " + it + " there").orElse("");
            return "by " + fields.text("by") + " (pid " + fields.number("pid") + ") since " + fields.text("since") + from;
        } catch (WireException e) {
            return "by somebody who does not say who it is";
        }
    }

    /** One site's, never two beats at a time. @param offset so that not all beat at once */
    private Thread heart(Site site, Duration offset) {
        return Thread.ofVirtual().name("heartbeat " + site.host().name()).start(() -> {
            try {
                Thread.sleep(offset);
                while (true) {
                    beat(site);
                    Thread.sleep(BEAT);
                }
            } catch (InterruptedException over) {
                // released
            }
        });
    }

    private void beat(Site site) throws InterruptedException {
        try {
            Answer answer = site.remote().ask(Script.BEAT.with(site.directory(), token));
            if (answer.exit() == HELD) lost.accept("the lock of " + site.host().name() + " was taken over: " + describe(answer.out().strip()));
        } catch (RemoteException e) {
            site.log().accept("the lock is not kept alive: " + e.getMessage());
        }
    }

    /** No beat comes after it. */
    private void release() throws IOException, InterruptedException {
        List<Thread> beating;
        List<Site> owned;
        synchronized (this) {
            beating = List.copyOf(hearts);
            owned = List.copyOf(held);
            hearts.clear();
            held.clear();
        }
        beating.forEach(Thread::interrupt);
        for (Thread heart : beating) heart.join();
        Crowd.ask(owned.stream().map(site -> Executors.callable(() -> unlock(site))).toList());
    }

    private void unlock(Site site) {
        try {
            site.remote().expect(Script.UNLOCK.with(site.directory(), token));
        } catch (RemoteException e) {
            site.log().accept("the lock stays until it is stale: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            release();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            local.close();
        }
    }
}
