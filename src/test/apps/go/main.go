// The textbook Go server: SIGTERM calls http.Server.Shutdown.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

// Keeps up with whether this worker of nary drains; asked for by the variable POLITE.
func followDrain(draining *atomic.Bool) {
	line, err := net.Dial("unix", os.Getenv("NARY_DRAIN_SOCKET"))
	if err != nil {
		log.Print(err)
		return
	}
	fmt.Fprintln(line, os.Getenv("NARY_ID"))
	for words := bufio.NewScanner(line); words.Scan(); {
		switch words.Text() {
		case "drain":
			draining.Store(true)
		case "serve":
			draining.Store(false)
		case "close":
			fmt.Fprintln(line, "closed")
		}
	}
}

func main() {
	var draining atomic.Bool
	if os.Getenv("POLITE") != "" {
		go followDrain(&draining)
	}
	body := fmt.Sprintf("version=%s worker=%s pid=%010d\n", env("VERSION", "v0"), env("NARY_WORKER", "0"), os.Getpid())
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if draining.Load() {
			w.Header().Set("Connection", "close")
		}
		io.WriteString(w, body)
	})
	http.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		ms, _ := strconv.Atoi(r.URL.Query().Get("ms"))
		time.Sleep(time.Duration(ms) * time.Millisecond)
		io.WriteString(w, body)
	})
	http.HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, body)
	})
	server := &http.Server{Addr: ":" + os.Args[1]}
	done := make(chan struct{})
	go func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM)
		<-signals
		server.Shutdown(context.Background())
		close(done)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	<-done
}
