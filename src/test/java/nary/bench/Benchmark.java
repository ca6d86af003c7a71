package nary.bench;

/** One of the benchmarks: it measures, shows, and states its goals. It leaves no process. */
interface Benchmark {
    void run(Stage stage) throws Exception;
}
