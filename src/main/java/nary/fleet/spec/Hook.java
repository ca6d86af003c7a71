package nary.fleet.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** When a command of the user's runs. */
public enum Hook {
    /** Once, on the operator's machine, before anything is changed. */
    BEFORE_DEPLOY("beforeDeploy"),
    /** Once, on the operator's machine, when all is done. */
    AFTER_DEPLOY("afterDeploy"),
    /** Once, on the operator's machine, when all was undone. */
    ON_FAILURE("onFailure"),
    /** On each server, before its site is stopped. */
    BEFORE_STOP("beforeStop"),
    /** On each server, when its site is healthy, before it goes back into rotation. */
    AFTER_START("afterStart");

    private final String key;

    Hook(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }

    static Optional<Hook> of(String key) {
        return Arrays.stream(values()).filter(it -> it.key.equals(key)).findFirst();
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(Hook::key).toList();
    }
}
