package nary.cli;

import nary.log.LogView;

/** To this command's stdout, byte for byte. */
record LineSink(Console console) implements LogView.Sink {
    @Override
    public boolean line(byte[] bytes) {
        return console.outBytes(bytes);
    }

    @Override
    public void pause() {
        console.flush();
    }
}
