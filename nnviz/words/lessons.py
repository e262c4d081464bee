"""The words around all lessons: the overview, the tasks and their hints, and the ways on."""

from nnviz.words.language import Table

LESSON = Table(
    bad_link="This link cannot be used: {reason:clause}. Here is the lesson from its start.",
    refused="That does not work: {reason:clause}. The picture stays as it was.",
    tasks="**Try it** · {done} of {count} done",
    tasks_help="A task turns green as soon as you have got there, and stays so in this browser. If you are stuck, go "
    "on trying: after some tries a hint is offered.",
    start_over="Start over",
    start_over_help="Bring this lesson back to where it begins, tasks included.",
    all_done="All {count} tasks of this lesson are done.",
    on="Where to go on",
    back="Back: {title}",
    next="Next: {title}",
    all_lessons="All lessons",
)
LESSON_HINTS = Table(
    hint=("Give me a hint", "Shows where to turn."),
    way=("Show me the way", "Shows how to get there from where the lesson begins."),
)
AFTER_LESSONS = Table(
    train=("Train", "Build a network of your own, turn every knob while it learns, and look inside."),
    race=("Race", "Let optimizers run against each other from the same first weights."),
    architectures=("Architectures", "See what makes AlexNet, ResNet, an LSTM or a GAN work, each on its own page."),
)
LESSON_PLAYER = Table(
    play=("Play", "Go on step by step."),
    pause=("Pause", "Hold still."),
    step=("One step", "Do exactly one step."),
    reset=("Reset", "Back to the start; everything else stays."),
)
FOUNDATIONS = Table(
    title="Foundations",
    lead="The first lecture on deep learning, alive: every figure answers while you drag, every number is computed "
    "on the spot, and small tasks turn green when you have got there.",
    tasks="{done} of {count} tasks done",
    begin="Begin with the first lesson:",
    go_on="You have done **{done} of {count} tasks**. Go on here:",
    finished="You have done all **{count} tasks**. Now play with networks of your own:",
    kept="What is done is remembered in this browser.",
    not_kept="This browser takes no cookies, so what is done is remembered until this tab is closed or reloaded.",
    forget="Forget what is done",
    forget_help="Marks all tasks of all lessons as open again, in this browser.",
)
