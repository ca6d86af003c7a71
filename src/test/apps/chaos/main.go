// The server of bench/chaos. Each process keeps a book in a mapped file, so that what it had accepted is known also when it was killed.
package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

const (
	accepted = 1
	answered = 2
	clean    = 3
	head     = 8
	rows     = 2048
)

// Numbers of eight octets: a head, then for each open connection the client's port and when it was accepted, in milliseconds.
var book []int64

var open, ending, next int64

func openBook() {
	worker := strings.ReplaceAll(os.Getenv("NARY_ID"), "/", "@")
	name := fmt.Sprintf("%s@%s@%d", worker, os.Getenv("VERSION"), os.Getpid())
	file, err := os.OpenFile(filepath.Join(os.Getenv("BOOKS"), name), os.O_RDWR|os.O_CREATE, 0o644)
	fatal(err)
	size := (head + 2*rows) * 8
	fatal(file.Truncate(int64(size)))
	memory, err := syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	fatal(err)
	fatal(file.Close())
	book = unsafe.Slice((*int64)(unsafe.Pointer(&memory[0])), head+2*rows)
}

func fatal(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Only the accepting goroutine enters rows.
func enter(connection net.Conn) int64 {
	for {
		row := head + 2*(next%rows)
		next++
		if atomic.LoadInt64(&book[row]) != 0 {
			continue
		}
		atomic.StoreInt64(&book[row+1], time.Now().UnixMilli())
		atomic.StoreInt64(&book[row], int64(connection.RemoteAddr().(*net.TCPAddr).Port))
		atomic.AddInt64(&book[accepted], 1)
		atomic.AddInt64(&open, 1)
		return row
	}
}

func talk(connection net.Conn, row int64) {
	in := bufio.NewReader(connection)
	for await(connection, in) && answer(connection, in) {
	}
	// struck out before the client sees the end: it may use its port again
	atomic.StoreInt64(&book[row], 0)
	connection.Close()
	atomic.AddInt64(&open, -1)
}

// False at the end of the connection, or if the server is to end and the client has been silent for two seconds since.
func await(connection net.Conn, in *bufio.Reader) bool {
	for looks := 0; looks < 20; {
		connection.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		if _, err := in.Peek(1); err == nil {
			connection.SetReadDeadline(time.Time{})
			return true
		} else if e, is := err.(net.Error); !is || !e.Timeout() {
			return false
		}
		if atomic.LoadInt64(&ending) != 0 {
			looks++
		}
	}
	return false
}

// False if the connection ends with the answer.
func answer(connection net.Conn, in *bufio.Reader) bool {
	first, err := in.ReadString('\n')
	kept := true
	for line := first; err == nil && strings.TrimSpace(line) != ""; line, err = in.ReadString('\n') {
		if strings.EqualFold(strings.TrimSpace(line), "connection: close") {
			kept = false
		}
	}
	if err != nil {
		return false
	}
	wait(first)
	word := "keep-alive"
	if !kept || atomic.LoadInt64(&ending) != 0 {
		word, kept = "close", false
	}
	body := fmt.Sprintf("version=%s worker=%s pid=%d\n", os.Getenv("VERSION"), os.Getenv("NARY_WORKER"), os.Getpid())
	// before it is sent: the clients' count can never be the higher one
	atomic.AddInt64(&book[answered], 1)
	_, err = fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n%s", len(body), word, body)
	return err == nil && kept
}

func wait(first string) {
	words := strings.Fields(first)
	if len(words) < 2 {
		return
	}
	if target, err := url.Parse(words[1]); err == nil {
		millis, _ := strconv.Atoi(target.Query().Get("ms"))
		time.Sleep(time.Duration(millis) * time.Millisecond)
	}
}

func serve(listener net.Listener, mortal int64) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			if atomic.LoadInt64(&ending) == 0 {
				log.Fatal(err)
			}
			return
		}
		row := enter(connection)
		if mortal > 0 && book[accepted] >= mortal {
			log.Print("died of its clients, as it was told to")
			os.Exit(4)
		}
		go talk(connection, row)
	}
}

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	openBook()
	port := os.Args[1]
	kind, number, _ := strings.Cut(os.Getenv("FAULT"), "=")
	value, _ := strconv.ParseInt(number, 10, 64)
	mortal := int64(0)
	switch kind {
	case "crash":
		log.Print("crashed, as it was told to")
		os.Exit(3)
	case "hang":
		<-stop
		os.Exit(0)
	case "port":
		port = number
	case "slow":
		time.Sleep(time.Duration(value) * time.Millisecond)
	case "mortal":
		mortal = value
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	fatal(err)
	go serve(listener, mortal)
	<-stop
	atomic.StoreInt64(&ending, 1)
	fatal(listener.Close())
	for atomic.LoadInt64(&open) > 0 {
		time.Sleep(2 * time.Millisecond)
	}
	atomic.StoreInt64(&book[clean], 1)
}
