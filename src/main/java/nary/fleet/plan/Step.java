package nary.fleet.plan;

import java.util.Locale;

/** One thing that is done to one server. Each may be done again where it is not known whether it was done: the second time changes nothing. */
public enum Step {
    /** The package's own command, once, on the operator's machine. */
    COMMAND("runs its command"),
    /** The release is on the server, whole; nothing uses it yet. */
    PREPARE("is prepared"),
    /** The balancers are asked how they see all servers; nothing changes. */
    LOOK("is looked at"),
    /** The balancers send it nothing new. */
    REMOVE("is taken out of rotation"),
    /** Nothing that the balancers or clients had under way is left. */
    DRAIN("drains"),
    /** No process and no listener of the site is left. */
    STOP("is stopped"),
    /** {@code current} points to the release. */
    SWITCH("is switched"),
    START("is started"),
    /** nary replaces the workers in place. */
    RELOAD("is reloaded in place"),
    /** The server itself was asked, and named the release. */
    HEALTH("is asked for its health"),
    /** Back to what the balancers had before, and seen by them as up. */
    RETURN("goes back into rotation"),
    /** It is watched for a while. */
    SOAK("soaks");

    private final String doing;

    Step(String doing) {
        this.doing = doing;
    }

    /** After the name of a server: {@code web1 drains}. */
    public String doing() {
        return doing;
    }

    /** Lower case, as people and the journal write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is none */
    public static Step of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
