package nary.fleet.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is rolled over its servers as one: a build, or all builds of a site.
 *
 * @param name for people
 * @param servers in the configuration's order; only {@link #LOCAL} where a command runs once on the operator's machine
 * @param way how a server gets the release
 * @param batch how many servers may be worked on at once, at least 1
 * @param canary the server that goes first and alone
 * @param leastServing servers that the balancers must see as up besides one that is taken out
 * @param maxFailures servers that may fail and go back, while the others go on
 */
public record Stage(String name, List<String> servers, Kind kind, int batch, Optional<String> canary, int leastServing, int maxFailures) {
    public static final String LOCAL = "local";

    public Stage {
        servers = List.copyOf(servers);
    }

    public enum Kind {
        /** A command on the operator's machine. */
        LOCAL,
        /** Behind balancers: out of rotation, replaced, back. */
        ROTATED,
        /** Nobody sends it elsewhere: stopped and started. */
        PLAIN,
        /** nary runs the app and replaces its workers without losing a request. */
        IN_PLACE
    }

    /** The steps of an update, in order. */
    List<Step> update() {
        return switch (kind) {
            case LOCAL -> List.of(Step.COMMAND);
            case ROTATED -> List.of(
                    Step.PREPARE, Step.LOOK, Step.REMOVE, Step.DRAIN, Step.STOP, Step.SWITCH, Step.START, Step.HEALTH, Step.RETURN, Step.SOAK);
            case PLAIN -> List.of(Step.PREPARE, Step.STOP, Step.SWITCH, Step.START, Step.HEALTH, Step.SOAK);
            case IN_PLACE -> List.of(Step.PREPARE, Step.SWITCH, Step.RELOAD, Step.HEALTH, Step.SOAK);
        };
    }

    /** The steps that bring a server back to the release that it had, from what was done to it. */
    List<Step> revert(Member member) {
        if (!member.isTouched()) return member.isOut() ? List.of(Step.RETURN) : List.of();
        return switch (kind) {
            case LOCAL -> List.of();
            case ROTATED -> rotatedBack(member);
            case PLAIN -> replacedBack(member);
            case IN_PLACE -> member.hadRelease() ? List.of(Step.SWITCH, Step.RELOAD, Step.HEALTH) : List.of(Step.STOP, Step.SWITCH);
        };
    }

    private static List<Step> rotatedBack(Member member) {
        List<Step> steps = new ArrayList<>();
        if (!member.isDrained()) steps.addAll(List.of(Step.LOOK, Step.REMOVE, Step.DRAIN));
        steps.addAll(replacedBack(member));
        if (member.hadRelease()) steps.add(Step.RETURN);
        return steps;
    }

    private static List<Step> replacedBack(Member member) {
        return member.hadRelease() ? List.of(Step.STOP, Step.SWITCH, Step.START, Step.HEALTH) : List.of(Step.STOP, Step.SWITCH);
    }
}
