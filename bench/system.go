package main

func measureSystem(int) error { return nil }
