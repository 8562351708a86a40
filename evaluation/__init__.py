"""Did the facts survive, did the tone move, how fast?"""
