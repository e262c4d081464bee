"""The words of the lesson on learning."""

from nnviz.words.lesson import LessonTexts, Task

TEXTS = LessonTexts(
    title="What learning is",
    menu="Learning",
    card="Data, model, loss, algorithm: the four parts of everything that learns, on two running examples.",
    lead=(
        "Everything that learns has four parts. **Data**: examples of what is asked and what is right. A **model**: a "
        "function with numbers that can be changed. A **loss**: one number that says how wrong the model is. An "
        "**algorithm** that changes the numbers so that the loss falls. On the left a *classification* (which of two "
        "moons?), on the right a *regression* (how high?). Drag **Updates** to let both learn."
    ),
    knobs={
        "updates": ("Updates", "How often the algorithm has changed the numbers. Drag back to see where it began."),
        "lr": ("Learning rate η", "How far each update goes. Too far, and the loss rises instead."),
        "hidden": ("Hidden units", "How much the model can bend; 0 leaves a straight line."),
    },
    charts={
        "boundary": (
            "Classification: which moon?",
            "Each place of the plane in the colour of the class that the model finds more probable there, paler where "
            "it is in doubt; dots are the examples. Look for the border bending between the moons.",
        ),
        "boundary_loss": (
            "Its loss: cross-entropy",
            "How surprised the model is by the right answers, on training and on test examples, over the updates.",
        ),
        "curve": (
            "Regression: how high?",
            "The dots are the examples, the line is what the model says for every x. Look for the line following "
            "the dots, not their noise.",
        ),
        "curve_loss": (
            "Its loss: mean squared error",
            "The mean of the squared distances between line and dots, over the updates.",
        ),
    },
    words={
        "data": "Data",
        "model": "Model",
        "loss": "Loss",
        "algorithm": "Algorithm",
        "classes": "Classification",
        "curve": "Regression",
        "data_text": "{count} examples; the first:",
        "model_text": "{count} numbers to learn:",
        "loss_text": "at first {before}, now:",
        "algorithm_text": "after {count} updates:",
        "go": "Choose it in Train",
        "class_of": r"\text{{class }}{index}",
    },
    tasks={
        "algorithm": Task(
            "Bring the classifier's loss below 0.1.",
            "Drag Updates to the right; perhaps the learning rate, too.",
            "The algorithm found numbers that hardly any example contradicts.",
            "Set the learning rate to 1 and drag Updates to 300.",
        ),
        "model": Task(
            "Show that no algorithm helps a model that is too simple.",
            "The wave bends. Take away what lets the model bend, and then train it for long.",
            "A straight line cannot follow a wave, however long it is trained: the model is part of the answer.",
            "Hidden units 0 and Updates 200: the regression's line stays straight, and its loss hardly falls.",
        ),
        "lost": Task(
            "Make the regression's loss worse by training.",
            "Raise the learning rate until it happens.",
            "Each step jumps over the valley and lands higher up: the update is too long.",
            "Set the learning rate to 3 and Updates to 50, and look at the regression's loss.",
        ),
    },
)
