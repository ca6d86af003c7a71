package nary.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import nary.config.Launch;
import nary.control.LaunchCodec;
import nary.control.Lines;
import nary.control.Message;
import nary.control.Refusal;
import nary.control.Reply;
import nary.control.Wire;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;

/** The daemon's side of {@link DaemonProcess}: hidden verb, started by {@code nary start} only. */
final class DaemonVerb implements Verb {
    static final String NAME = "daemon";
    /** A line from the starting command: Ctrl+C was pressed. */
    static final String CANCEL = "cancel";

    private static final int MAX_LINE = 16 << 20;

    @Override
    public Options options() {
        return new Options(NAME, "The supervisor itself; nary start runs it.");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, IOException, InterruptedException {
        Lines in = Lines.of(context.console().in(), MAX_LINE);
        String line = in.next();
        if (line == null) throw new UsageError("this is for nary start to call");
        Launch launch = LaunchCodec.decode(line);
        LineWriter report = new LineWriter("report", context.console().report());
        return supervise(launch, in, report, context);
    }

    private static ExitCode supervise(Launch launch, Lines in, LineWriter report, Context context) throws IOException, InterruptedException {
        var supervision = new Supervision(launch, context.caller().environment(), context.console());
        Thread.ofPlatform().daemon().name("starter").start(() -> listenToStarter(in, supervision, context.console()));
        try {
            var listener = new Reporter(report);
            return new ExitCode(supervision.run(context.parts().engine().get(), listener, log -> context.console().redirect(log.asStream())));
        } catch (Refusal e) {
            report.write(Wire.encode(answer(new Outcome.Refused(String.valueOf(e.getMessage())))));
            return ExitCode.REFUSED;
        } catch (IOException e) {
            report.write(Wire.encode(answer(new Outcome.Failed("the supervisor could not start: " + Cli.reason(e), Optional.empty()))));
            return ExitCode.FAILED;
        } finally {
            report.close();
        }
    }

    private static Message answer(Outcome outcome) {
        return new Message.Answer(0, new Reply.Ended(outcome, List.of()));
    }

    private static void listenToStarter(Lines in, Supervision supervision, Console console) {
        try {
            for (String line = in.next(); line != null; line = in.next()) if (line.equals(CANCEL)) supervision.interrupt();
            console.closeIn();
        } catch (IOException starterGone) {
            // the start goes on without its spectator
        }
    }

    /** Says all to the starting command until the start is over; then lets go of its terminal. */
    private record Reporter(LineWriter report) implements Supervision.Listener {
        @Override
        public void notice(Notice notice) {
            report.write(Wire.encode(new Message.Event(notice)));
        }

        @Override
        public void started(Reply.Ended ended) {
            report.write(Wire.encode(new Message.Answer(0, ended)));
            if (ended.outcome() instanceof Outcome.Done) report.end();
        }
    }
}
