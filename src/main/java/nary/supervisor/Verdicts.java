package nary.supervisor;

import java.time.Instant;
import java.util.Optional;
import nary.config.Durations;
import nary.rollout.Reason;
import nary.rollout.Rollout;
import nary.rollout.Stage;
import nary.rollout.Verdict;

/** The answer to a deploy, as its verdict has it. */
final class Verdicts {
    private Verdicts() {}

    /** @param app as it is when the rollout is over */
    static Outcome outcome(Rollout rollout, App app, Instant now) {
        String serves = Texts.serves(app);
        return switch (rollout.stage()) {
            case Stage.RollingBack(Instant since, Verdict verdict) -> outcome(verdict, verdict.reason() + "; " + serves + " as before");
            case Stage.ComingBack(Instant since, Verdict verdict) -> outcome(verdict, verdict.reason() + cameBack(rollout) + serves);
            case Stage.Forward forward -> forward(rollout, serves, now);
            case Stage.Retiring retiring -> forward(rollout, serves, now);
        };
    }

    private static Outcome forward(Rollout rollout, String serves, Instant now) {
        if (rollout.trouble().isEmpty()) return new Outcome.Done(done(rollout, serves, now));
        String killed = rollout.killed() == 0 ? "" : ", " + Texts.count(rollout.killed(), "old worker") + " killed";
        Verdict trouble = rollout.trouble().get();
        return outcome(trouble, trouble.reason() + " after the point of no return; the new version serves (" + serves + killed + ")");
    }

    private static String cameBack(Rollout rollout) {
        return rollout.trouble()
                .map(trouble -> "; the old version could not come back everywhere: " + trouble.reason() + "; ")
                .orElse("; the old version came back: ");
    }

    private static String done(Rollout rollout, String serves, Instant now) {
        String took = rollout.plan().isAllAtOnce() ? rollout.timeline().text(now) : Durations.text(rollout.timeline().total(now));
        return serves + ": " + took + "; " + Texts.count(rollout.connections(), "connection") + " drained";
    }

    /** The answer to a deploy that a stop of the whole app cuts off. */
    static Outcome cutOff(Rollout rollout, String why) {
        String version = rollout.isPastReturn() ? "the new version" : "the old version";
        return new Outcome.Aborted("deploy aborted: the app is stopping (" + why + "); " + version + " was serving");
    }

    /** Why it ended as it did. @param asked why it began */
    static Reason word(Outcome outcome, Reason asked) {
        return switch (outcome) {
            case Outcome.Done done -> asked;
            case Outcome.Failed failed -> Reason.FAILED;
            case Outcome.Refused refused -> Reason.FAILED;
            case Outcome.TimedOut timedOut -> Reason.TIMEOUT;
            case Outcome.Aborted aborted -> Reason.ABORTED;
        };
    }

    static Outcome outcome(Verdict verdict, String text) {
        return switch (verdict) {
            case Verdict.WorkerFailed failed -> new Outcome.Failed(text, failed.witness());
            case Verdict.SteeringFailed failed -> new Outcome.Failed(text, Optional.empty());
            case Verdict.Aborted aborted -> new Outcome.Aborted(text);
            case Verdict.TimedOut timedOut -> new Outcome.TimedOut(text);
        };
    }
}
