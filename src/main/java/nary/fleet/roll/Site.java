package nary.fleet.roll;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import nary.fleet.Host;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Answer;
import nary.fleet.ssh.Command;
import nary.fleet.ssh.Remote;
import nary.fleet.ssh.RemoteException;
import nary.fleet.ssh.Remotes;
import nary.fleet.ssh.Transfer;

/**
 * One build on one server: {@code releases/ID}, {@code shared}, {@code current}, {@code run} for nary's own files, and {@code .fleet} for what
 * fleet notes. Every method may be repeated.
 *
 * @param log gets what commands say
 */
record Site(Remote remote, Target target, Consumer<String> log) {
    private static final String NOTHING = "";

    /** Each build on each of its servers, in the file's order. @param log gets the server's name and what commands say there */
    static List<Site> all(List<Target> targets, Remotes remotes, BiConsumer<String, String> log) {
        List<Site> sites = new ArrayList<>();
        for (Target target : targets) for (Host host : target.servers()) sites.add(new Site(remotes.to(host), target, line -> log.accept(host.name(), line)));
        return sites;
    }

    Host host() {
        return remote.host();
    }

    String directory() {
        return target.directory();
    }

    String current() {
        return directory() + "/current";
    }

    /** nary's control socket. */
    String socket() {
        return directory() + "/run/nary.ipc";
    }

    /** The release that {@code current} points to. */
    Optional<String> release() throws RemoteException, InterruptedException {
        String name = remote.expect(Script.SURVEY.with(directory()));
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    /** The release is there as a whole. */
    void prepare(Parcel parcel, String release) throws IOException, InterruptedException {
        String found = remote.expect(Script.PREPARE.with(directory(), release, parcel.hash()));
        switch (found) {
            case "whole" -> log.accept("release " + release + " is there already");
            case "part" -> finish(release);
            case "none" -> {
                send(parcel, release);
                finish(release);
            }
            default -> throw new IOException(host().name() + ": release " + release + " is there already, with another content; choose another --release");
        }
    }

    /** It has this very release, as a whole. */
    boolean holds(Parcel parcel, String release) throws RemoteException, InterruptedException {
        return remote.expect(Script.PREPARE.with(directory(), release, parcel.hash())).equals("whole");
    }

    private void send(Parcel parcel, String release) throws IOException, InterruptedException {
        Transfer sent = remote.upload(parcel.tree(), directory() + "/releases/" + release + ".part", List.of(current()));
        log.accept("sent " + sent.sent() + " of " + sent.files() + " files, " + sent.sentBytes() + " of " + sent.bytes() + " bytes");
    }

    private void finish(String release) throws RemoteException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(directory(), release));
        arguments.addAll(target.shared());
        remote.expect(Script.FINISH.with(arguments));
    }

    void point(Optional<String> release) throws RemoteException, InterruptedException {
        remote.expect(Script.SWITCH.with(directory(), release.orElse(NOTHING)));
    }

    /** What is left of its processes and listeners, a line each. */
    List<String> remains() throws RemoteException, InterruptedException {
        return remote.expect(Script.REMAINS.with(directory())).lines().toList();
    }

    /** Connections that are open to its listeners. */
    int connections() throws RemoteException, InterruptedException {
        String count = remote.expect(Script.CONNECTIONS.with(directory()));
        try {
            return Integer.parseInt(count);
        } catch (NumberFormatException e) {
            throw new RemoteException(host(), RemoteException.Kind.FAILED, "its connections cannot be counted: " + count);
        }
    }

    void record(String release, String word, String who) throws RemoteException, InterruptedException {
        remote.expect(Script.RECORD.with(directory(), release, word, who));
    }

    /** How the balancers had it before it was taken out, for whoever brings it back; another operator has no journal of this run. */
    void noteOut(String text) throws RemoteException, InterruptedException {
        remote.expect(Script.OUT.with(directory(), text));
    }

    /** Empty if it is not noted as out. */
    String notedOut() throws RemoteException, InterruptedException {
        return remote.expect(Script.OUT.with(directory()));
    }

    void noteBack() throws RemoteException, InterruptedException {
        remote.expect(Script.OUT.with(directory(), NOTHING));
    }

    /** What the server answers itself to a request. */
    Answer ask(String url, Duration limit) throws RemoteException, InterruptedException {
        long seconds = Math.max(1, limit.toSeconds());
        return remote.ask(Script.ASK.with(url, Long.toString(seconds)).within(limit.plusSeconds(10)));
    }

    /** Runs a command of the user's in a folder; what it says goes to the log. @return its exit status */
    Answer run(String folder, List<String> command, String release, Duration limit) throws RemoteException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(folder));
        words.addAll(environment(release));
        words.addAll(command);
        log.accept("$ " + String.join(" ", command));
        Command script = Script.RUN.with(words).within(limit);
        Answer answer = remote.ask(script);
        answer.out().lines().forEach(log);
        answer.err().lines().forEach(log);
        return answer;
    }

    /** The same; another exit status than 0 is an error. */
    void must(String folder, List<String> command, String release, Duration limit) throws IOException, InterruptedException {
        Answer answer = run(folder, command, release, limit);
        if (answer.exit() != 0) throw new IOException(host().name() + ": '" + String.join(" ", command) + "' exited with " + answer.exit() + last(answer));
    }

    static String last(Answer answer) {
        String text = answer.err().isBlank() ? answer.out() : answer.err();
        return text.isBlank() ? "" : ": " + text.strip().lines().reduce((_, line) -> line).orElse("").strip();
    }

    private List<String> environment(String release) {
        List<String> variables = new ArrayList<>(List.of(
                "NARY_RELEASE=" + release, "NARY_ENVIRONMENT=" + target.environment(), "NARY_BUILD=" + target.build(), "NARY_SERVER=" + host().name()));
        target.parameters().ifPresent(it -> variables.add("NARY_PARAMETERS=" + directory() + "/releases/" + release + "/" + it.getFileName()));
        return variables;
    }
}
