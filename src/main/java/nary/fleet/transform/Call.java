package nary.fleet.transform;

import java.util.ArrayList;
import java.util.List;

/** {@code Name} or {@code Name(arguments)}, the value of xdt:Transform and xdt:Locator. @param text between the parentheses; empty without */
record Call(String name, String text) {
    /** @throws IllegalArgumentException if it is neither */
    static Call parse(String value) {
        String call = value.strip();
        int open = call.indexOf('(');
        if (open < 0) return new Call(call, "");
        if (!call.endsWith(")")) throw new IllegalArgumentException("'" + Masking.masked(call) + "' has no closing parenthesis at its end");
        return new Call(call.substring(0, open).strip(), call.substring(open + 1, call.length() - 1).strip());
    }

    /** Separated by commas; those inside parentheses separate nothing. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') depth++;
            if (c == ')') depth--;
            if (c != ',' || depth > 0) continue;
            arguments.add(text.substring(from, i).strip());
            from = i + 1;
        }
        if (!text.isEmpty()) arguments.add(text.substring(from).strip());
        return arguments;
    }

    @Override
    public String toString() {
        return text.isEmpty() ? name : name + "(" + text + ")";
    }
}
