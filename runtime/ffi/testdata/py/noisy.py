print("importing noisy")
def f():
    print("called")

