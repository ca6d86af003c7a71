package nary.bench;

import java.util.List;

/**
 * Where the slow requests of a deploy come from. What is called a deploy of a bare server here boots two others of the same beside it, which get
 * no request: its clients notice the boots and nothing else. By SIGHUP nary is deployed without a command, a JVM, that starts for it. With
 * {@code --ready http:/} nary itself asks a new worker the first request, which is a server's slowest.
 */
final class Causes implements Benchmark {
    private static final String RESULT = "where slow requests come from";

    @Override
    public void run(Stage stage) throws Exception {
        if (stage.options().isQuick()) return; // no goal is about it
        try (Cast cast = new Cast()) {
            cast.add("nary Node", stage.nary(stage.node(), 2));
            cast.add("nary Node, by SIGHUP", stage.signalledNary(stage.node(), 2));
            cast.add("nary Node, --ready http:/", stage.nary(stage.node(), 2, "--ready", "http:/"));
            cast.add("bare Node, two others boot", stage.neighboured(stage.node()));
            cast.add("nary Go", stage.nary(stage.go().with("POLITE", "1"), 2));
            cast.add("bare Go, two others boot", stage.neighboured(stage.go()));
            cast.add("nary Python", stage.nary(stage.python(), 2));
            cast.add("nary Python, --ready http:/", stage.nary(stage.python(), 2, "--ready", "http:/"));
            cast.add("bare Python, two others boot", stage.neighboured(stage.python()));
            for (int round = 1; round <= stage.options().rounds(); round++) {
                for (var it : cast.services().entrySet()) {
                    Deploys.measure(stage, Deploys.Kind.RATE, RESULT, it.getKey(), it.getValue(), round);
                }
            }
        }
        stage.results().show(RESULT, List.of());
    }
}
