package cli

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// Reports of tests for machines.

type jsonTests struct {
	Tests  []jsonTest `json:"tests"`
	Passed int        `json:"passed"`
	Failed int        `json:"failed"`
}

type jsonTest struct {
	File    string     `json:"file"`
	Name    string     `json:"name"`
	Status  string     `json:"status"`
	Seconds float64    `json:"seconds"`
	Output  []string   `json:"output"`
	Error   *jsonFault `json:"error"`
}

func testsJSON(results []tested, failed int) jsonTests {
	object := jsonTests{Tests: []jsonTest{}, Passed: len(results) - failed, Failed: failed}
	for i := range results {
		r := &results[i]
		row := jsonTest{File: r.file, Name: r.name, Status: "passed", Seconds: r.took.Seconds(), Output: append([]string{}, r.lines...)}
		if r.fault != nil {
			row.Status, row.Error = "failed", faultJSON(r.fault)
		}
		object.Tests = append(object.Tests, row)
	}
	return object
}

// The elements of JUnit's XML, as far as there is something to say.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitFailure `xml:"failure"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

func inSeconds(s float64) string { return fmt.Sprintf("%.3f", s) }

// junit is a report with a suite for each file.
func junit(results []tested, failed int) []byte {
	all := junitSuites{Tests: len(results), Failures: failed}
	total := 0.0
	for i := range results {
		r := &results[i]
		if i == 0 || results[i-1].of != r.of {
			all.Suites, total = append(all.Suites, junitSuite{Name: r.file}), 0
		}
		suite := &all.Suites[len(all.Suites)-1]
		c := junitCase{Class: strings.TrimSuffix(r.file, ".hk"), Name: r.name, Time: inSeconds(r.took.Seconds()), Output: strings.Join(r.lines, "\n")}
		if r.fault != nil {
			c.Failure = &junitFailure{Type: r.fault.Kind, Message: r.fault.Message, Text: r.traceback()}
			suite.Failures++
		}
		total += r.took.Seconds()
		suite.Tests++
		suite.Time, suite.Cases = inSeconds(total), append(suite.Cases, c)
	}
	b, _ := xml.MarshalIndent(all, "", "  ") // strings and numbers always can be
	return append([]byte(xml.Header), append(b, '\n')...)
}

// traceback is the error as it is printed.
func (r *tested) traceback() string {
	if r.of.refused != nil {
		return r.fault.Message
	}
	var b bytes.Buffer
	printFault(&b, false, r.of.program, r.of.project.shownFile, r.fault)
	return b.String()
}
